# METADATA
# title: Failed delivery of mail events raises an alarm
# description: Events that do not reach their store are lost after a day, and with them the record of what was sent.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-04, TEC-05, NPR-14]
#   reference: [LOG-06]
#   evidence: [derived.event_delivery_alarm]
#   expected: an alarm that acts on NumberOfNotificationsFailed of the topic or DeliveryToS3.Success of the stream
#   remediation: |
#     CDKTF and Terraform: add an aws_cloudwatch_metric_alarm on DeliveryToS3.Success of AWS/Firehose with the dimension DeliveryStreamName, or on NumberOfNotificationsFailed of AWS/SNS with TopicName.
#     AWS CLI: aws cloudwatch put-metric-alarm --alarm-name event-delivery --namespace AWS/Firehose --metric-name DeliveryToS3.Success --dimensions Name=DeliveryStreamName,Value=NAME ...
package policies.alarms.event_delivery_watched

import data.policies.lib.evidence

resources contains sink if some sink in evidence.of("derived.event_delivery_alarm")

deny contains evidence.finding(sink, "alarmed", "no alarm tells when events are not delivered") if {
	some sink in resources
	not sink.alarmed == true
}
