# METADATA
# title: Easy DKIM signs with 2048-bit keys
# description: Receivers treat keys below 2048 bits as weak; SES makes 2048-bit keys unless told otherwise.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-07, TEC-12]
#   reference: [SES-02]
#   evidence: [aws_sesv2_email_identity]
#   expected: RSA_2048_BIT
#   remediation: |
#     CDKTF and Terraform: set dkim_signing_attributes.next_signing_key_length to "RSA_2048_BIT" on the identity.
#     AWS CLI: aws sesv2 put-email-identity-dkim-signing-attributes --email-identity NAME --signing-attributes-origin AWS_SES --signing-attributes NextSigningKeyLength=RSA_2048_BIT
package policies.sending.dkim_key_length

import data.policies.lib.evidence

resources contains identity if some identity in evidence.of("aws_sesv2_email_identity")

deny contains evidence.finding(
	identity,
	_path(identity),
	"the DKIM key is shorter than 2048 bits, or its length is not stated",
) if {
	some identity in resources
	not _long_enough(identity)
}

_long_enough(identity) if {
	identity.dkim_signing_attributes.next_signing_key_length == "RSA_2048_BIT"
	_current_long_enough(identity)
}

# Before the first apply there is no current key.
_current_long_enough(identity) if identity.dkim_signing_attributes.current_signing_key_length == "RSA_2048_BIT"

_current_long_enough(identity) if not evidence.is_set(identity, "dkim_signing_attributes.current_signing_key_length")

_path(identity) := "dkim_signing_attributes.current_signing_key_length" if {
	identity.dkim_signing_attributes.next_signing_key_length == "RSA_2048_BIT"
} else := "dkim_signing_attributes.next_signing_key_length"
