# METADATA
# title: Subject lines name no condition, drug, procedure or specialty
# description: Beside a recipient's address a health term says something about a person.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-01]
#   reference: [SUBJ-002]
#   evidence: [derived.content]
#   expected: no term of the health dictionary in subject, preheader, From or Reply-To name
#   citations:
#     - "45 CFR 164.502(a)"
#     - "45 CFR 164.530(c)(1)"
#     - "45 CFR 164.530(c)(2)"
#   parameters:
#     threshold: {default: 0.4, stricter: lower, description: "Score from which a match counts, 0 to 1."}
#   remediation: |
#     Say it in the body; a subject such as "A message from your care team is ready" is read by everybody.
package policies.content.subject_health_neutral

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
	"a health term stands in the subject line or a sender name",
	{"observed": found},
) if {
	some message in resources
	some found in _hits(message)
}

_hits(message) := [found |
	some found in content.hits(message, content.preview_positions, "health-term", input.parameters.threshold)
	not found.inDefault
]
