# METADATA
# title: Every field in a subject line has a declared class
# description: What a field says about a person is known only once somebody has classified it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-02]
#   reference: [SUBJ-005]
#   evidence: [derived.content]
#   expected: >-
#     every field in subject, preheader and sender names is listed in fields.yaml with a class other than unknown
#   citations:
#     - "45 CFR 164.514(d)(2)"
#   remediation: |
#     List the field in fields.yaml with its class: none, contact, identifier, relationship or phi.
package policies.content.subject_fields_classified

import data.policies.lib.content
import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.content")
	message.format == "template"
]

deny contains evidence.finding(message, "hasSubject", "no subject was given") if {
	some message in resources
	not message.hasSubject
}

deny contains evidence.finding_with(
	message,
	"tags",
	"a field without a class stands in the subject line or a sender name",
	{"observed": tag},
) if {
	some message in resources
	some tag in message.tags
	tag.position in content.preview_positions
	tag.class == "unknown"
}
