# METADATA
# title: Mail buckets have a second copy
# description: A retrievable exact copy of what patients were written is required, not only advised.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-11, PHY-05, NPR-08, NPR-18]
#   reference: [S3-07]
#   evidence: [derived.bucket_copies]
#   expected: replication to another account or Region, or a backup every 48 hours
#   parameters:
#     maxRecoveryPointHours: {default: 48, stricter: lower, description: Longest time between two backups in hours}
#     copiedElsewhere: {default: [], kind: declaration, description: Names of buckets that an organization's backup policy or another system copies daily}
#   remediation: |
#     CDKTF and Terraform: add an aws_backup_plan with a daily schedule and an aws_backup_selection of the bucket, or an aws_s3_bucket_replication_configuration to a bucket in another Region.
#     AWS CLI: aws backup create-backup-selection --backup-plan-id ID --backup-selection file://selection.json
package policies.buckets.second_copy

import data.policies.lib.evidence

resources contains item if {
	some item in evidence.of("derived.bucket_copies")
	not _out_of_scope(item)
	not _declared(item)
}

_declared(item) if item.name in input.parameters.copiedElsewhere

_out_of_scope(item) if {
	is_array(item.holds)
	count({role | some role in item.holds; role in {"events", "inbox", "mail"}}) == 0
}

deny contains evidence.finding_with(item, "replicas", "there is no second copy of the bucket elsewhere", {
	"observed": {"replicas": evidence.shown(item, "replicas"), "backupHours": evidence.shown(item, "backupHours")},
	"restsOn": [{"id": item._id, "path": path} | some path in ["backupHours", "holds"]],
}) if {
	some item in resources
	not _replicated(item)
	not evidence.at_most(item, "backupHours", input.parameters.maxRecoveryPointHours)
}

_replicated(item) if count(item.replicas) > 0
