# METADATA
# title: Somebody hears the alarms
# description: An alarm to a topic that nobody confirmed a subscription to is heard by nobody.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-05, ADM-04, ADM-10, NPR-14]
#   reference: [LOG-09]
#   evidence: [derived.alarm_audience]
#   expected: at least one confirmed subscription of each topic that an alarm calls
#   remediation: |
#     CDKTF and Terraform: add an aws_sns_topic_subscription to the topic, and confirm it in the mailbox.
#     AWS CLI: aws sns subscribe --topic-arn ARN --protocol email --notification-endpoint ADDRESS
package policies.alarms.somebody_subscribed

import data.policies.lib.evidence

resources contains topic if some topic in evidence.of("derived.alarm_audience")

deny contains evidence.finding(topic, "confirmed", _message(topic)) if {
	some topic in resources
	not evidence.at_least(topic, "confirmed", 1)
}

_message(topic) := "no subscription of the topic is confirmed" if {
	evidence.at_least(topic, "pending", 1)
} else := "nobody is subscribed to the topic"
