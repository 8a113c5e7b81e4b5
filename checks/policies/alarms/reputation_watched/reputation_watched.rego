# METADATA
# title: Bounce and complaint rates raise alarms
# description: SES reviews an account at 5 % bounces or 0.1 % complaints and may stop it; then no patient gets mail.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-04, ADM-10, TEC-05, NPR-14]
#   reference: [LOG-06]
#   evidence: [derived.sending_alarm]
#   expected: alarms that act on Reputation.BounceRate and Reputation.ComplaintRate at or below the rates
#   citations: ["Amazon SES Developer Guide, Monitoring your sender reputation, as of 2026-11"]
#   parameters:
#     bounceRate: {default: 0.05, stricter: lower, description: Highest bounce rate at which the alarm is raised}
#     complaintRate: {default: 0.001, stricter: lower, description: Highest complaint rate at which the alarm is raised}
#   remediation: |
#     CDKTF and Terraform: add an aws_cloudwatch_metric_alarm for each of the two metrics of the namespace AWS/SES, with statistic Average and alarm_actions.
#     AWS CLI: aws cloudwatch put-metric-alarm --alarm-name bounce-rate --namespace AWS/SES --metric-name Reputation.BounceRate --statistic Average --threshold 0.05 ...
package policies.alarms.reputation_watched

import data.policies.lib.evidence

_limits := {"bounce_rate": input.parameters.bounceRate, "complaint_rate": input.parameters.complaintRate}

resources contains rate if {
	some rate in evidence.of("derived.sending_alarm")
	rate._id in {"bounce_rate", "complaint_rate"}
}

deny contains evidence.finding(rate, "threshold", _message(rate)) if {
	some rate in resources
	not evidence.at_most(rate, "threshold", _limits[rate._id])
}

_message(rate) := "an alarm comes only after SES has begun to review the account" if {
	is_number(rate.threshold)
} else := "no alarm tells of it"
