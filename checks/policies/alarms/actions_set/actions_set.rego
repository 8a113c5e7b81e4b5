# METADATA
# title: Alarms act
# description: An alarm without an action is a colour on a page that nobody has open.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-05, ADM-04, ADM-10, NPR-14]
#   reference: [LOG-09]
#   evidence: [aws_cloudwatch_metric_alarm]
#   expected: actions_enabled, and an alarm action
#   remediation: |
#     CDKTF and Terraform: set alarm_actions to the ARN of an aws_sns_topic on the aws_cloudwatch_metric_alarm, and leave actions_enabled true.
#     AWS CLI: aws cloudwatch enable-alarm-actions --alarm-names NAME
package policies.alarms.actions_set

import data.policies.lib.evidence

resources contains alarm if some alarm in evidence.of("aws_cloudwatch_metric_alarm")

deny contains evidence.finding(alarm, "alarm_actions", "the alarm calls nobody") if {
	some alarm in resources
	not _calls(alarm)
}

deny contains evidence.finding(alarm, "actions_enabled", "the alarm's actions are switched off") if {
	some alarm in resources
	not _enabled(alarm)
}

_calls(alarm) if count(alarm.alarm_actions) > 0

# A target that the plan makes is there, whatever its ARN will be.
_calls(alarm) if {
	some path, ids in alarm._references
	startswith(path, "alarm_actions")
	count(ids) > 0
}

_enabled(alarm) if alarm.actions_enabled == true

_enabled(alarm) if evidence.unset(alarm, "actions_enabled")
