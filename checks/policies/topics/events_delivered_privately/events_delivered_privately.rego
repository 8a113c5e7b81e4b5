# METADATA
# title: Mail events are not delivered over HTTP, e-mail or SMS
# description: >-
#   Events of SES name recipients and hold headers; clear text, mailboxes and phones are no place for them. Alarm
#   topics, which tell of numbers, are not judged.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-09, PRV-11]
#   reference: [SNS-03]
#   evidence: [aws_sns_topic_subscription, derived.mail_flow]
#   expected: protocol sqs, lambda or firehose, or https to a host that is declared
#   parameters:
#     httpsHosts: {default: [], kind: declaration, description: Hosts under agreement that may get mail events over HTTPS}
#   remediation: |
#     CDKTF and Terraform: set protocol = "sqs" (or lambda, firehose) on the aws_sns_topic_subscription and handle the events there.
#     AWS CLI: aws sns unsubscribe --subscription-arn ARN, then aws sns subscribe --topic-arn ARN --protocol sqs --notification-endpoint QUEUE_ARN
package policies.topics.events_delivered_privately

import data.policies.lib.evidence
import data.policies.lib.mail_flow

resources contains subscription if {
	some subscription in evidence.of("aws_sns_topic_subscription")
	not mail_flow.off(subscription)
}

deny contains evidence.finding_with(subscription, "protocol", _message(subscription), {
	"restsOn": [rest | some rest in mail_flow.rests(subscription)],
	"observed": _shown(subscription),
}) if {
	some subscription in resources
	not _stays_inside(subscription)
	not _https(subscription)
}

deny contains evidence.finding_with(
	subscription,
	"endpoint",
	"mail events go to a host that is not declared",
	{"restsOn": [rest | some rest in mail_flow.rests(subscription)], "observed": _host(subscription)},
) if {
	some subscription in resources
	_https(subscription)
	not _declared(subscription)
}

_stays_inside(subscription) if subscription.protocol in ["firehose", "lambda", "sqs"]

_https(subscription) if subscription.protocol == "https"

_declared(subscription) if lower(_host(subscription)) in {lower(host) | some host in input.parameters.httpsHosts}

# The address may hold a password or a token: only its host is shown.
_host(subscription) := host if {
	authority := split(subscription.endpoint, "/")[2]
	parts := split(authority, "@")
	host := split(parts[count(parts) - 1], ":")[0]
} else := null

_shown(subscription) := subscription.protocol if {
	is_string(subscription.protocol)
} else := null

_message(subscription) := sprintf("mail events are delivered over %s", [subscription.protocol]) if {
	is_string(subscription.protocol)
} else := "how mail events are delivered cannot be told"
