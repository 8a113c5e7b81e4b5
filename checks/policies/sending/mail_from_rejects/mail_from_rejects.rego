# METADATA
# title: Every sending domain has its own MAIL FROM domain and rejects without it
# description: An own MAIL FROM domain makes SPF align; with USE_DEFAULT_VALUE a missing MX record silently undoes that.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12]
#   reference: [SES-03]
#   evidence: [aws_sesv2_email_identity, aws_sesv2_email_identity_mail_from_attributes]
#   expected: a mail_from_domain below the identity with behavior_on_mx_failure REJECT_MESSAGE
#   remediation: |
#     CDKTF and Terraform: add aws_sesv2_email_identity_mail_from_attributes with mail_from_domain below the domain and behavior_on_mx_failure = "REJECT_MESSAGE".
#     AWS CLI: aws sesv2 put-email-identity-mail-from-attributes --email-identity NAME --mail-from-domain bounce.NAME --behavior-on-mx-failure REJECT_MESSAGE
package policies.sending.mail_from_rejects

import data.policies.lib.evidence

resources contains identity if {
	some identity in evidence.of("aws_sesv2_email_identity")
	not _address(identity)
}

# In a helper: a negation over a value that is not there would be undefined, and the identity out of scope unseen.
_address(identity) if contains(identity.email_identity, "@")

_named(identity) if is_string(identity.email_identity)

deny contains evidence.finding(identity, "email_identity", "what the identity is called cannot be told") if {
	some identity in resources
	not _named(identity)
}

deny contains evidence.finding_with(identity, "mail_from_attributes", _message(identity), {
	"observed": [_settings(one) | some one in _attributes(identity)],
	"restsOn": _candidates(identity),
}) if {
	some identity in resources
	_named(identity)
	not _own_mail_from(identity)
}

_own_mail_from(identity) if {
	some one in _attributes(identity)
	one.behavior_on_mx_failure == "REJECT_MESSAGE"
	endswith(lower(one.mail_from_domain), concat("", [".", lower(identity.email_identity)]))
}

_settings(one) := object.remove(one, ["_id", "_kind", "_status", "_references", "_unknown", "id"])

_attributes(identity) := [_all[at] | some at in {at | some name in evidence.identities(identity); some at in _of[name]}]

_all := evidence.of("aws_sesv2_email_identity_mail_from_attributes")

_of[name] contains at if {
	some at, one in _all
	some name in evidence.names_at(one, "email_identity")
}

# Settings of the identity that are unknown, and settings that may be the identity's.
_candidates(identity) := array.concat(
	[{"id": one._id, "path": path} |
		some one in _attributes(identity)
		some path in ["mail_from_domain", "behavior_on_mx_failure"]
	],
	[stray | some stray in _strays],
)

_strays := [{"id": one._id, "path": "email_identity"} |
	some one in evidence.of("aws_sesv2_email_identity_mail_from_attributes")
	evidence.may_refer(one, "email_identity")
]

_message(identity) := "the domain uses the MAIL FROM domain of amazonses.com" if {
	count(_attributes(identity)) == 0
} else := "the MAIL FROM domain is not below the identity, or mail goes out without it when its MX is missing"
