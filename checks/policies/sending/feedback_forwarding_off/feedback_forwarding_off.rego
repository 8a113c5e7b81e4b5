# METADATA
# title: Bounces are not forwarded by e-mail
# description: A forwarded bounce copies message content into a mailbox outside the mail system's controls.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PRV-11]
#   reference: [SES-19]
#   evidence: [aws_sesv2_email_identity, aws_sesv2_email_identity_feedback_attributes]
#   expected: email_forwarding_enabled false
#   remediation: |
#     CDKTF and Terraform: add aws_sesv2_email_identity_feedback_attributes with email_forwarding_enabled = false.
#     AWS CLI: aws sesv2 put-email-identity-feedback-attributes --email-identity NAME --no-email-forwarding-enabled
package policies.sending.feedback_forwarding_off

import data.policies.lib.evidence

resources contains identity if some identity in evidence.of("aws_sesv2_email_identity")

deny contains evidence.finding_with(
	identity,
	"email_forwarding_enabled",
	"bounces and complaints are forwarded by e-mail, which is the default",
	{
		"observed": [one.email_forwarding_enabled | some one in _attributes(identity)],
		"restsOn": _candidates(identity),
	},
) if {
	some identity in resources
	not _off(identity)
}

_off(identity) if {
	some one in _attributes(identity)
	one.email_forwarding_enabled == false
}

# The provider leaves the attribute out when it is false, its default.
_off(identity) if {
	some one in _attributes(identity)
	evidence.unset(one, "email_forwarding_enabled")
}

_attributes(identity) := [_all[at] | some at in {at | some name in evidence.identities(identity); some at in _of[name]}]

_all := evidence.of("aws_sesv2_email_identity_feedback_attributes")

_of[name] contains at if {
	some at, one in _all
	some name in evidence.names_at(one, "email_identity")
}

# Settings of the identity that are unknown, and settings that may be the identity's.
_candidates(identity) := array.concat(
	[{"id": one._id, "path": path} |
		some one in _attributes(identity)
		some path in ["email_forwarding_enabled"]
	],
	[stray | some stray in _strays],
)

_strays := [{"id": one._id, "path": "email_identity"} |
	some one in evidence.of("aws_sesv2_email_identity_feedback_attributes")
	evidence.may_refer(one, "email_identity")
]
