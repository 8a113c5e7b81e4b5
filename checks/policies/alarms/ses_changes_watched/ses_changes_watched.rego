# METADATA
# title: Changes to SES raise alarms
# description: One call takes away required TLS, DKIM or the record of events; mail goes out as before, and nobody notices.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-04, ADM-10, TEC-05, NPR-14]
#   reference: [LOG-06]
#   evidence: [derived.event_alarm]
#   expected: a metric filter on the trail's log group with an alarm that acts, or an enabled rule with a target, for each event
#   remediation: |
#     CDKTF and Terraform: add an aws_cloudwatch_log_metric_filter on the trail's log group and an aws_cloudwatch_metric_alarm on its metric, or an aws_cloudwatch_event_rule with an aws_cloudwatch_event_target.
#     AWS CLI: aws logs put-metric-filter --log-group-name GROUP --filter-name NAME --filter-pattern PATTERN --metric-transformations file://metric.json
package policies.alarms.ses_changes_watched

import data.policies.lib.evidence

resources contains events if {
	some events in evidence.of("derived.event_alarm")
	events.of == "ses"
}

deny contains evidence.finding(events, "missing", "some of these events raise no alarm") if {
	some events in resources
	not _watched(events)
}

_watched(events) if count(events.missing) == 0
