# METADATA
# title: Subject lines hold no literal identifier of a person
# description: Numbers, dates and addresses of a person in a subject reach every log on the way.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-01]
#   reference: [SUBJ-004]
#   evidence: [derived.content]
#   expected: no identifier in subject, preheader, From or Reply-To name
#   citations:
#     - "45 CFR 164.514(b)(2)(i)"
#     - "45 CFR 164.530(c)(1)"
#     - "45 CFR 164.530(c)(2)"
#   parameters:
#     threshold: {default: 0.4, stricter: lower, description: "Score from which a match counts, 0 to 1."}
#   remediation: |
#     Take the identifier out; where mail must be matched to a record, use an opaque reference in the body.
package policies.content.subject_identifier_free

import data.policies.lib.content
import data.policies.lib.evidence

resources := evidence.of("derived.content")

deny contains evidence.finding(message, "hasSubject", "no subject was given") if {
	some message in resources
	not message.hasSubject
}

deny contains evidence.finding_with(
	message,
	"hits",
	"an identifier stands in the subject line or a sender name",
	{"observed": found},
) if {
	some message in resources
	some found in _hits(message)
}

_hits(message) := [found |
	some found in content.hits(message, content.preview_positions, "identifier", input.parameters.threshold)
	not found.inDefault
]
