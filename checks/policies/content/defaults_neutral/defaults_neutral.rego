# METADATA
# title: Default values of fields reveal nothing about the recipient
# description: A default is sent to everybody whose value is missing.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-01, CNT-02]
#   reference: [TPL-006]
#   evidence: [derived.content]
#   expected: no health term, relationship cue or identifier in a default value
#   citations:
#     - "45 CFR 164.502(b)"
#     - "45 CFR 164.530(c)(1)"
#   parameters:
#     threshold: {default: 0.4, stricter: lower, description: "Score from which a match counts, 0 to 1."}
#   remediation: |
#     Use a neutral default such as "there".
package policies.content.defaults_neutral

import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.content")
	message.format == "template"
]

deny contains evidence.finding_with(
	message,
	"hits",
	"a default value tells something about the recipient",
	{"observed": hit},
) if {
	some message in resources
	some hit in message.hits
	hit.inDefault
	evidence.at_least(hit, "score", input.parameters.threshold)
}
