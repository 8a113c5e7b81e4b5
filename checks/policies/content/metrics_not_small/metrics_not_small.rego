# METADATA
# title: Reported metrics have no cell below the minimum audience size
# description: A count of three in a small town has names.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PRV-13]
#   reference: [SEG-005]
#   evidence: [content.metrics]
#   expected: every count in a *.metrics.csv file is 0 or at least the minimum, and none follows by subtraction from a total
#   citations:
#     - "45 CFR 164.514(a)"
#     - "45 CFR 164.514(b)"
#   parameters:
#     minAudience: {default: 11, stricter: higher, description: "Least count that is shown; a common threshold of disclosure control, no figure of HIPAA."}
#   remediation: |
#     Join small groups, or leave out two cells of a column that has a total.
package policies.content.metrics_not_small

import data.policies.lib.evidence

resources := evidence.of("content.metrics")

deny contains evidence.finding_with(
	table,
	"small",
	"a count is below the minimum audience size",
	{"observed": cell, "expected": sprintf("at least %d", [input.parameters.minAudience])},
) if {
	some table in resources
	some cell in table.small
	not evidence.at_least(cell, "from", input.parameters.minAudience)
}

deny contains evidence.finding(table, "small", "the table was not read whole") if {
	some table in resources
	not table.complete
}

deny contains evidence.finding(table, "small", "the counts are not known") if {
	some table in resources
	not evidence.is_set(table, "small")
}
