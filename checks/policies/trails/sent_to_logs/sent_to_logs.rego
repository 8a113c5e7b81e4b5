# METADATA
# title: The trail is sent to CloudWatch Logs
# description: >-
#   Alarms on use of root or on changed trails are made from the log group; a bucket alone alarms nobody.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-05]
#   reference: [CT-02]
#   evidence: [aws_cloudtrail]
#   expected: cloud_watch_logs_group_arn and cloud_watch_logs_role_arn
#   remediation: |
#     CDKTF and Terraform: set cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail.arn}:*" and cloud_watch_logs_role_arn on the aws_cloudtrail.
#     AWS CLI: aws cloudtrail update-trail --name NAME --cloud-watch-logs-log-group-arn ARN --cloud-watch-logs-role-arn ROLE
package policies.trails.sent_to_logs

import data.policies.lib.evidence

resources contains trail if some trail in evidence.of("aws_cloudtrail")

deny contains evidence.finding(trail, path, "the trail is not sent to CloudWatch Logs") if {
	some trail in resources
	some path in ["cloud_watch_logs_group_arn", "cloud_watch_logs_role_arn"]
	not _names(trail, path)
}

# A log group or role of the same plan has its ARN only after apply.
_names(trail, path) if evidence.is_set(trail, path)

_names(trail, path) if {
	some id in object.get(trail, ["_references", path], [])
	not contains(id, "data.")
	contains(id, _kinds[path])
}

_kinds := {"cloud_watch_logs_group_arn": "aws_cloudwatch_log_group", "cloud_watch_logs_role_arn": "aws_iam_role"}
