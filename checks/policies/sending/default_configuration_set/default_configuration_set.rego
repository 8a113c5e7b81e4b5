# METADATA
# title: Every sending identity has a default configuration set
# description: A message sent without naming a set then still gets the set's TLS policy and leaves events.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-09, TEC-05]
#   reference: [SES-05]
#   evidence: [aws_sesv2_email_identity, aws_sesv2_configuration_set, aws_ses_configuration_set, aws_ses_domain_identity, aws_ses_email_identity]
#   expected: the name of a configuration set of this account
#   remediation: |
#     CDKTF and Terraform: set configuration_set_name on aws_sesv2_email_identity to an aws_sesv2_configuration_set.
#     The older aws_ses_domain_identity and aws_ses_email_identity cannot have a default set: move to aws_sesv2_email_identity.
#     AWS CLI: aws sesv2 put-email-identity-configuration-set-attributes --email-identity NAME --configuration-set-name SET
package policies.sending.default_configuration_set

import data.policies.lib.evidence

resources contains identity if {
	some kind in ["aws_sesv2_email_identity", "aws_ses_domain_identity", "aws_ses_email_identity"]
	some identity in evidence.of(kind)
}

deny contains evidence.finding_with(identity, "configuration_set_name", _message(identity), {"restsOn": []}) if {
	some identity in resources
	not _has_default(identity)
}

_has_default(identity) if {
	identity._kind == "aws_sesv2_email_identity"
	some name in evidence.names_at(identity, "configuration_set_name")
	_sets[name]
}

_sets contains name if {
	some kind in ["aws_sesv2_configuration_set", "aws_ses_configuration_set"]
	some set in evidence.of(kind)
	some name in evidence.identities(set)
}

_message(identity) := "an identity of the older SES API cannot have a default configuration set" if {
	identity._kind != "aws_sesv2_email_identity"
} else := "the configuration set named as default is not among those seen" if {
	evidence.is_set(identity, "configuration_set_name")
} else := "mail sent without naming a set escapes the TLS policy and leaves no events"
