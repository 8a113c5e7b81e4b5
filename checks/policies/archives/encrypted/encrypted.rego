# METADATA
# title: Mail archives are encrypted with a customer managed key
# description: An archive of SES Mail Manager holds messages in full; without a key of your own it is under one that AWS owns.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-04, BRN-07, NPR-12]
#   reference: [KMS-01]
#   evidence: [aws_mailmanager_archive]
#   expected: kms_key_arn of a customer managed key
#   remediation: |
#     CDKTF and Terraform: set kms_key_arn on the aws_mailmanager_archive to an aws_kms_key; the key of an archive cannot be changed later.
#     AWS CLI: aws mailmanager create-archive --archive-name NAME --kms-key-arn ARN
package policies.archives.encrypted

import data.policies.lib.evidence

resources contains archive if {
	some archive in evidence.of("aws_mailmanager_archive")
	not archive.archive_state == "PENDING_DELETION"
}

deny contains evidence.finding(
	archive,
	"kms_key_arn",
	"the archive is not encrypted with a customer managed key",
) if {
	some archive in resources
	not evidence.names_own_key(archive, "kms_key_arn")
}
