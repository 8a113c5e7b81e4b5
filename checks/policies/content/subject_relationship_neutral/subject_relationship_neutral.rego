# METADATA
# title: Subject lines do not reveal a care, coverage or billing relationship
# description: That somebody has an appointment, a result or a bill says that they receive care.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-01]
#   reference: [SUBJ-003]
#   evidence: [derived.content]
#   expected: no second-person cue joined to a care event in subject, preheader, From or Reply-To name
#   citations:
#     - "45 CFR 160.103"
#     - "45 CFR 164.530(c)(1)"
#     - "45 CFR 164.530(c)(2)"
#   parameters:
#     threshold: {default: 0.5, stricter: lower, description: "Score from which a match counts, 0 to 1."}
#   remediation: |
#     Write a subject that fits anybody, such as "You have a new message".
package policies.content.subject_relationship_neutral

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
	"the subject line or a sender name tells of a care relationship",
	{"observed": found},
) if {
	some message in resources
	some found in _hits(message)
}

_hits(message) := [found |
	some found in content.hits(message, content.preview_positions, "relationship", input.parameters.threshold)
	not found.inDefault
]
