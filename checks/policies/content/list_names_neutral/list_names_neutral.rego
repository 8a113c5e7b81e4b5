# METADATA
# title: List, segment and tag names carry no condition
# description: The name of a list stands in headers, exports and the sending service of another company.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-01, PRV-12]
#   reference: [SEG-002]
#   evidence: [content.list]
#   expected: no health term in the names and tags of lists and segments
#   citations:
#     - "45 CFR 164.502(b)"
#     - "45 CFR 164.530(c)(1)"
#   parameters:
#     threshold: {default: 0.4, stricter: lower, description: "Score from which a match counts, 0 to 1."}
#   remediation: |
#     Rename the list by a neutral word, such as a number or a season.
package policies.content.list_names_neutral

import data.policies.lib.evidence

resources := evidence.of("content.list")

deny contains evidence.finding_with(
	list,
	"hits",
	"a health term stands in a name or tag of the list",
	{"observed": hit},
) if {
	some list in resources
	some hit in list.hits
	hit.detector == "health-term"
	hit.position in {"list_name", "list_tag", "segment_name"}
	evidence.at_least(hit, "score", input.parameters.threshold)
}
