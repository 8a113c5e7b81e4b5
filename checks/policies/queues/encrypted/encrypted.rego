# METADATA
# title: Queues are encrypted with a customer managed key
# description: The key of SQS itself is under nobody's control, and the AWS managed one cannot admit SES or SNS.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-04]
#   reference: [SQS-01, KMS-01]
#   evidence: [aws_sqs_queue]
#   expected: kms_master_key_id of a customer managed key
#   remediation: |
#     CDKTF and Terraform: set kms_master_key_id on the aws_sqs_queue to an aws_kms_key.
#     AWS CLI: aws sqs set-queue-attributes --queue-url URL --attributes KmsMasterKeyId=KEY
package policies.queues.encrypted

import data.policies.lib.evidence

resources contains queue if some queue in evidence.of("aws_sqs_queue")

deny contains evidence.finding(
	queue,
	"kms_master_key_id",
	"the queue is not encrypted with a customer managed key",
) if {
	some queue in resources
	not evidence.names_own_key(queue, "kms_master_key_id")
}
