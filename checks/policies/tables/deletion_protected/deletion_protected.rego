# METADATA
# title: Tables are protected from deletion
# description: >-
#   A table that goes with one call takes its records along.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-11, PHY-05]
#   reference: [DDB-01]
#   evidence: [aws_dynamodb_table]
#   expected: deletion_protection_enabled true
#   remediation: |
#     CDKTF and Terraform: set deletion_protection_enabled = true on the aws_dynamodb_table.
#     AWS CLI: aws dynamodb update-table --table-name NAME --deletion-protection-enabled
package policies.tables.deletion_protected

import data.policies.lib.evidence

resources contains table if some table in evidence.of("aws_dynamodb_table")

deny contains evidence.finding(table, "deletion_protection_enabled", "the table can be deleted with one call") if {
	some table in resources
	not table.deletion_protection_enabled == true
}
