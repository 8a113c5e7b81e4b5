# METADATA
# title: Use of the sending quota raises an alarm
# description: Above the quota SES refuses every message until the day is over.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [ADM-04, ADM-10, NPR-14]
#   reference: [LOG-06]
#   evidence: [derived.sending_alarm]
#   expected: an alarm that acts on the sum of the metric Send
#   remediation: |
#     CDKTF and Terraform: add an aws_cloudwatch_metric_alarm on Send of the namespace AWS/SES with statistic Sum, period 86400 and a threshold below the quota.
#     AWS CLI: aws cloudwatch put-metric-alarm --alarm-name send-quota --namespace AWS/SES --metric-name Send --statistic Sum --period 86400 --threshold NUMBER ...
package policies.alarms.sending_quota_watched

import data.policies.lib.evidence

resources contains quota if {
	some quota in evidence.of("derived.sending_alarm")
	quota._id == "send_quota"
}

deny contains evidence.finding(quota, "threshold", "no alarm counts the messages of a day") if {
	some quota in resources
	not evidence.is_set(quota, "threshold")
}
