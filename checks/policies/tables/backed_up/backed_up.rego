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
#   expected: an aws_backup_selection that covers the table
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
