# METADATA
# title: Subject, preheader and sender names hold no field about the person
# description: A subject is shown on locked screens, in previews, logs and event streams, whatever protects the body.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-01, CNT-02, PRV-11]
#   reference: [SUBJ-001]
#   evidence: [derived.content]
#   expected: no field of class phi, identifier or relationship in subject, preheader, From or Reply-To name
#   citations:
#     - "45 CFR 164.502(b)"
#     - "45 CFR 164.514(d)(2)"
#     - "45 CFR 164.530(c)(1)"
#     - "45 CFR 164.530(c)(2)"
#   remediation: |
#     Take the field out of the subject, or say it in the body of a message that goes over TLS only. Classes of
#     fields stand in fields.yaml.
package policies.content.subject_fields_neutral

import data.policies.lib.content
import data.policies.lib.evidence

resources := evidence.of("derived.content")

deny contains evidence.finding(message, "hasSubject", "no subject was given") if {
	some message in resources
	not message.hasSubject
}

deny contains evidence.finding_with(
	message,
	"tags",
	"a field about the person stands in the subject line or a sender name",
	{"observed": tag},
) if {
	some message in resources
	some tag in _tags(message)
	tag.class in content.personal_classes
}

# Of a field that nobody classified it cannot be told.
deny contains evidence.finding(message, "hasClasses", "the classes of the fields are not given") if {
	some message in resources
	some tag in _tags(message)
	tag.class == "unknown"
	not message.hasClasses
}

_tags(message) := [tag | some tag in message.tags; tag.position in content.preview_positions]
