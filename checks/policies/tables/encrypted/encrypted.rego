# METADATA
# title: Tables are encrypted with a customer managed key
# description: >-
#   Without a key of one's own nobody can say who may read the table.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-04]
#   reference: [DDB-01, KMS-01]
#   evidence: [aws_dynamodb_table]
#   expected: server_side_encryption with kms_key_arn of a customer managed key, on each replica too
#   remediation: |
#     CDKTF and Terraform: set server_side_encryption { enabled = true, kms_key_arn = KEY } on the aws_dynamodb_table.
#     AWS CLI: aws dynamodb update-table --table-name NAME --sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId=ARN
package policies.tables.encrypted

import data.policies.lib.evidence

resources contains table if some table in evidence.of("aws_dynamodb_table")

deny contains evidence.finding(
	table,
	"server_side_encryption",
	"the table is not encrypted with a customer managed key",
) if {
	some table in resources
	not _encrypted(table)
}

deny contains evidence.finding(table, "replica", "a replica is not encrypted with a customer managed key") if {
	some table in resources
	not _replicas_encrypted(table)
}

_encrypted(table) if {
	table.server_side_encryption.enabled == true
	evidence.names_own_key(table, "server_side_encryption.kms_key_arn")
}

_replicas_encrypted(table) if evidence.unset(table, "replica")

_replicas_encrypted(table) if {
	every index, replica in table.replica {
		_replica_encrypted(table, replica, index)
	}
}

_replica_encrypted(_, replica, _) if {
	is_string(replica.kms_key_arn)
	not contains(replica.kms_key_arn, "alias/aws/")
}

_replica_encrypted(table, _, index) if evidence.names_own_key(table, sprintf("replica.%d.kms_key_arn", [index]))
