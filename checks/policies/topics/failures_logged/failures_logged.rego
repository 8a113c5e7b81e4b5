# METADATA
# title: Failed deliveries of event topics are logged
# description: >-
#   SNS tells of a delivery that failed only where a role is set for the protocol; without it an event is lost
#   unseen.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-05]
#   reference: [SNS-05]
#   evidence: [aws_sns_topic, aws_sns_topic_subscription, derived.mail_flow]
#   expected: a failure feedback role for each protocol that the topic delivers by
#   remediation: |
#     CDKTF and Terraform: set sqs_failure_feedback_role_arn (lambda_, firehose_, http_) on the aws_sns_topic to a role that may write to CloudWatch Logs.
#     AWS CLI: aws sns set-topic-attributes --topic-arn ARN --attribute-name SQSFailureFeedbackRoleArn --attribute-value ROLE_ARN
package policies.topics.failures_logged

import data.policies.lib.evidence
import data.policies.lib.mail_flow

resources contains topic if {
	some topic in evidence.of("aws_sns_topic")
	not mail_flow.off(topic)
	count(_delivered(topic)) + count(_candidates) > 0
}

deny contains evidence.finding_with(
	topic,
	role,
	sprintf("failed deliveries over %s are not logged", [protocol]),
	{"restsOn": [rest | some rest in mail_flow.rests(topic)]},
) if {
	some topic in resources
	some subscription in _delivered(topic)
	protocol := subscription.protocol
	role := _roles[protocol]
	not evidence.is_set(topic, role)
}

# By what protocol it delivers, or whether a subscription is its, may be known only after apply.
deny contains evidence.finding_with(topic, "subscriptions", "how the topic delivers cannot be told", {
	"restsOn": [rest | some rest in array.concat(mail_flow.rests(topic), [{"id": subscription._id, "path": path}])],
}) if {
	some topic in resources
	some [subscription, path] in _doubts(topic)
}

_roles := {
	"sqs": "sqs_failure_feedback_role_arn",
	"lambda": "lambda_failure_feedback_role_arn",
	"firehose": "firehose_failure_feedback_role_arn",
	"http": "http_failure_feedback_role_arn",
	"https": "http_failure_feedback_role_arn",
}

_delivered(topic) := [_all[at] | some at in {at | some name in evidence.identities(topic); some at in _named[name]}]

_all := evidence.of("aws_sns_topic_subscription")

_named[name] contains at if {
	some at, subscription in _all
	some name in evidence.names_at(subscription, "topic_arn")
}

_candidates := [subscription |
	some subscription in evidence.of("aws_sns_topic_subscription")
	evidence.may_refer(subscription, "topic_arn")
	count(object.get(subscription, ["_references", "topic_arn"], [])) == 0
]

_doubts(topic) := array.concat(
	[[subscription, "protocol"] |
		some subscription in _delivered(topic)
		evidence.may_refer(subscription, "protocol")
	],
	[[subscription, "topic_arn"] | some subscription in _candidates],
)
