# METADATA
# title: Topics are encrypted with a customer managed key
# description: Mail events name recipients; the AWS managed key of SNS cannot admit SES, and no key leaves them readable.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-04]
#   reference: [SNS-01, KMS-01]
#   evidence: [aws_sns_topic]
#   expected: kms_master_key_id of a customer managed key
#   parameters:
#     alarmTopics: {default: [], kind: declaration, description: Names of topics for alarms that carry nothing of recipients}
#   remediation: |
#     CDKTF and Terraform: set kms_master_key_id on the aws_sns_topic to an aws_kms_key whose policy admits ses.amazonaws.com.
#     AWS CLI: aws sns set-topic-attributes --topic-arn ARN --attribute-name KmsMasterKeyId --attribute-value KEY
package policies.topics.encrypted

import data.policies.lib.evidence

resources contains topic if {
	some topic in evidence.of("aws_sns_topic")
	not topic.name in input.parameters.alarmTopics
}

deny contains evidence.finding(
	topic,
	"kms_master_key_id",
	"the topic is not encrypted with a customer managed key",
) if {
	some topic in resources
	not evidence.names_own_key(topic, "kms_master_key_id")
}
