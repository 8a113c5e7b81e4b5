# METADATA
# title: Tables can be set back to any second
# description: >-
#   Point-in-time recovery undoes a wrong delete or write of the last weeks.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-11, NPR-08]
#   reference: [DDB-01]
#   evidence: [aws_dynamodb_table]
#   expected: point_in_time_recovery.enabled true
#   remediation: |
#     CDKTF and Terraform: set point_in_time_recovery { enabled = true } on the aws_dynamodb_table.
#     AWS CLI: aws dynamodb update-continuous-backups --table-name NAME --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true
package policies.tables.recoverable

import data.policies.lib.evidence

resources contains table if some table in evidence.of("aws_dynamodb_table")

deny contains evidence.finding(table, "point_in_time_recovery", "the table has no point-in-time recovery") if {
	some table in resources
	not table.point_in_time_recovery.enabled == true
}
