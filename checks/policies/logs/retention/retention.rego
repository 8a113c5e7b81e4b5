# METADATA
# title: Log groups keep events for six years
# description: The rule sets six years for documentation; keeping logs as long is the conservative reading and this project's default.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-06, ADM-14, PRV-17]
#   reference: [LOG-01]
#   evidence: [aws_cloudwatch_log_group]
#   expected: retention_in_days of at least 2192, or 0 (never expire)
#   parameters:
#     retentionDays: {default: 2192, stricter: higher, description: Days that log events are kept}
#   remediation: |
#     CDKTF and Terraform: set retention_in_days to 2192 or more on the aws_cloudwatch_log_group.
#     AWS CLI: aws logs put-retention-policy --log-group-name NAME --retention-in-days 2192
package policies.logs.retention

import data.policies.lib.evidence

resources contains group if some group in evidence.of("aws_cloudwatch_log_group")

deny contains evidence.finding_with(group, "retention_in_days", "log events are deleted too early", {
	"expected": sprintf("at least %d days, or never", [input.parameters.retentionDays]),
}) if {
	some group in resources
	not _kept(group)
}

_kept(group) if evidence.at_least(group, "retention_in_days", input.parameters.retentionDays)

# 0, and the provider's default, mean that events never expire.
_kept(group) if group.retention_in_days == 0

_kept(group) if evidence.unset(group, "retention_in_days")
