# METADATA
# title: A template with personal fields in its body is bound to a TLS-required path
# description: Health information may leave over an encrypted path only; the template says which it needs.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-04, TEC-09, CNT-02]
#   reference: [TPL-003]
#   evidence: [derived.content]
#   expected: >-
#     requiresTls and encryptedOnly are true where the body holds a field of class phi, identifier or relationship
#   citations:
#     - "45 CFR 164.312(a)(2)(iv)"
#     - "45 CFR 164.312(e)(1)"
#     - "45 CFR 164.312(e)(2)(ii)"
#   remediation: |
#     Set requiresTls: true and encryptedOnly: true in the .meta.yaml file of the template, and send it through a
#     configuration set that requires TLS.
package policies.content.personal_body_encrypted

import data.policies.lib.content
import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.content")
	message.format == "template"
	_may_be_personal(message)
]

deny contains evidence.finding(message, "hasClasses", "the classes of the fields are not given") if {
	some message in resources
	not _personal(message)
	not message.hasClasses
}

deny contains evidence.finding(message, path, "personal fields in the body, and the path is not bound to TLS") if {
	some message in resources
	_personal(message)
	some path in ["requiresTls", "encryptedOnly"]
	not message[path] == true
}

_personal(message) if {
	some tag in message.tags
	tag.position in content.body_positions
	tag.class in content.personal_classes
}

_may_be_personal(message) if _personal(message)

_may_be_personal(message) if {
	not message.hasClasses
	some tag in message.tags
	tag.position in content.body_positions
}
