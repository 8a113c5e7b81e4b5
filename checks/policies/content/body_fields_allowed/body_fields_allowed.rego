# METADATA
# title: Every field in the body is on the allow-list of its template
# description: An allow-list keeps a template to the information its purpose needs.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-02, PRV-11]
#   reference: [TPL-001]
#   evidence: [derived.content]
#   expected: >-
#     each field of the body, its links and its alternative texts is listed under allow in the .meta.yaml file of the
#     template
#   citations:
#     - "45 CFR 164.502(b)"
#     - "45 CFR 164.514(d)(2)"
#   remediation: |
#     Add the field to the allow-list after a minimum necessary review, or take it out of the template.
package policies.content.body_fields_allowed

import data.policies.lib.content
import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.content")
	message.format == "template"
	count(_tags(message)) > 0
]

deny contains evidence.finding(message, "allowListed", "the template has no allow-list") if {
	some message in resources
	not message.allowListed
}

deny contains evidence.finding_with(
	message,
	"tags",
	"a field of the body is not on the allow-list",
	{"observed": tag},
) if {
	some message in resources
	message.allowListed
	some tag in _tags(message)
	not tag.allowed == true
}

_tags(message) := [tag | some tag in message.tags; tag.position in content.body_positions]
