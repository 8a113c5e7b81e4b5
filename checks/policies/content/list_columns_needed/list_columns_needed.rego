# METADATA
# title: List exports hold only allowed columns and no free text
# description: Every column beyond need is a disclosure waiting for a leak.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [PRV-11, PRV-18]
#   reference: [SEG-004]
#   evidence: [content.list]
#   expected: >-
#     each column is allowed by the list record and classified; none is of class phi or holds free text; the source is
#     neither under 42 CFR Part 2 nor psychotherapy notes
#   citations:
#     - "45 CFR 164.502(b)"
#     - "45 CFR 164.508(a)(2)"
#     - "45 CFR 164.514(d)(2)"
#     - 42 CFR Part 2
#   remediation: |
#     Export fewer columns; classify the rest in fields.yaml and allow them in the list file.
package policies.content.list_columns_needed

import data.policies.lib.evidence

resources := [list |
	some list in evidence.of("content.list")
	list.format in {"list", "csv"}
]

deny contains evidence.finding_with(
	list,
	"fields",
	"a column is free text, about health, not classified, or not allowed",
	{"observed": field},
) if {
	some list in resources
	some field in list.fields
	not _fine(field)
}

deny contains evidence.finding(list, path, "the source needs a protection of its own") if {
	some list in resources
	some path in ["part2", "psychotherapyNotes"]
	not list[path] == false
}

_fine(field) if {
	field.class in {"none", "contact", "identifier", "relationship"}
	not field.freeText
	not field.allowed == false
}
