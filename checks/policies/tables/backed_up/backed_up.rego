# METADATA
# title: Tables are in a backup plan
# description: >-
#   A backup apart from the table outlives it, and its account if the vault is copied.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-11, NPR-08, NPR-18]
#   reference: [DDB-01]
#   evidence: [derived.table_backup]
#   expected: an aws_backup_selection that covers the table, and in an account a recovery point of the last 48 hours
#   parameters:
#     maxRecoveryPointHours: {default: 48, stricter: lower, description: Greatest age of the last backup in hours}
#   remediation: |
#     CDKTF and Terraform: name the table's ARN in resources of an aws_backup_selection.
#     AWS CLI: aws backup create-backup-selection --backup-plan-id ID --backup-selection file://selection.json
package policies.tables.backed_up

import data.policies.lib.evidence

resources contains table if some table in evidence.of("derived.table_backup")

deny contains evidence.finding(table, "covered", "no backup plan covers the table") if {
	some table in resources
	not table.covered == true
}

# Of a plan nobody can tell when a backup was made.
deny contains evidence.finding_with(table, "backupHours", "the last backup of the table is old", {
	"expected": sprintf("%d hours at most", [input.parameters.maxRecoveryPointHours]),
}) if {
	some table in resources
	evidence.is_set(table, "backupHours")
	not evidence.at_most(table, "backupHours", input.parameters.maxRecoveryPointHours)
}
