# METADATA
# title: Secrets are encrypted with a customer managed key
# description: >-
#   Under the key of Secrets Manager itself whoever may read the secret may decrypt it: nothing stands beside its
#   policy.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-04, TEC-15]
#   reference: [SEC-01, KMS-01]
#   evidence: [aws_secretsmanager_secret]
#   expected: kms_key_id of a customer managed key
#   remediation: |
#     CDKTF and Terraform: set kms_key_id on the aws_secretsmanager_secret to an aws_kms_key.
#     AWS CLI: aws secretsmanager update-secret --secret-id ARN --kms-key-id KEY
package policies.secrets.encrypted

import data.policies.lib.evidence

resources contains secret if some secret in evidence.of("aws_secretsmanager_secret")

deny contains evidence.finding(
	secret,
	"kms_key_id",
	"the secret is not encrypted with a customer managed key",
) if {
	some secret in resources
	not evidence.names_own_key(secret, "kms_key_id")
}
