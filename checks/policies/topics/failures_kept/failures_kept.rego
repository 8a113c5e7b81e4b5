# METADATA
# title: Subscriptions to mail events keep what could not be delivered
# description: >-
#   What SNS gives up on is gone unless the subscription names a dead-letter queue.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-05]
#   reference: [SNS-05]
#   evidence: [aws_sns_topic_subscription, derived.mail_flow]
#   expected: redrive_policy with deadLetterTargetArn
#   remediation: |
#     CDKTF and Terraform: add redrive_policy = jsonencode({deadLetterTargetArn = aws_sqs_queue.dead.arn}) to the aws_sns_topic_subscription.
#     AWS CLI: aws sns set-subscription-attributes --subscription-arn ARN --attribute-name RedrivePolicy --attribute-value '{"deadLetterTargetArn":"QUEUE_ARN"}'
package policies.topics.failures_kept

import data.policies.lib.evidence
import data.policies.lib.mail_flow

resources contains subscription if {
	some subscription in evidence.of("aws_sns_topic_subscription")
	not mail_flow.off(subscription)
}

deny contains evidence.finding_with(subscription, "redrive_policy", "an event that cannot be delivered is lost", {
	"restsOn": [rest | some rest in mail_flow.rests(subscription)],
}) if {
	some subscription in resources
	not _kept(subscription)
}

_kept(subscription) if is_string(json.unmarshal(subscription.redrive_policy).deadLetterTargetArn)

_kept(subscription) if is_string(json.unmarshal(subscription.partial.redrive_policy).deadLetterTargetArn)
