# METADATA
# title: Secret access keys stay out of the state
# description: Terraform writes the secret of an access key, and the SMTP password made of it, into the state as they are.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-15, ADM-09, TEC-08]
#   reference: [SES-14]
#   evidence: [aws_iam_access_key]
#   expected: pgp_key, or a key that is made elsewhere
#   remediation: |
#     CDKTF and Terraform: remove the aws_iam_access_key and let a rotation function of AWS Secrets Manager make the key (SmtpSender does), or set pgp_key.
package policies.sending.access_keys_not_in_state

import data.policies.lib.evidence

resources contains key if some key in evidence.of("aws_iam_access_key")

deny contains evidence.finding(key, "pgp_key", "the secret key and the SMTP password lie in the state") if {
	some key in resources
	not evidence.is_set(key, "pgp_key")
}
