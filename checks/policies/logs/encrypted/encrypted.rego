# METADATA
# title: Log groups are encrypted with a customer managed key
# description: Without a key of one's own nobody can say who may read the logs.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-04]
#   reference: [LOG-02, KMS-01]
#   evidence: [aws_cloudwatch_log_group]
#   expected: kms_key_id of a customer managed key
#   remediation: |
#     CDKTF and Terraform: set kms_key_id on the aws_cloudwatch_log_group to an aws_kms_key's ARN.
#     AWS CLI: aws logs associate-kms-key --log-group-name NAME --kms-key-id ARN
package policies.logs.encrypted

import data.policies.lib.evidence

resources contains group if some group in evidence.of("aws_cloudwatch_log_group")

deny contains evidence.finding(group, "kms_key_id", "the log group is not encrypted with a customer managed key") if {
	some group in resources
	not evidence.names_own_key(group, "kms_key_id")
}
