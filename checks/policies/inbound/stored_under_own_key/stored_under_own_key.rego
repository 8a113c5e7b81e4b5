# METADATA
# title: Received mail is stored under a customer managed key
# description: A receipt rule writes each message as it came, attachments included, into its bucket.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-04]
#   reference: [SES-16]
#   evidence: [derived.receipt_storage]
#   expected: kms_key_arn of the S3 action, or the bucket's default encryption, with a customer managed key
#   remediation: |
#     CDKTF and Terraform: encrypt the bucket with sse_algorithm = "aws:kms" and an aws_kms_key, or set kms_key_arn in the s3_action of the aws_ses_receipt_rule.
#     AWS CLI: aws s3api put-bucket-encryption --bucket NAME --server-side-encryption-configuration file://encryption.json
package policies.inbound.stored_under_own_key

import data.policies.lib.evidence

resources contains rule if {
	some rule in evidence.of("derived.receipt_storage")
	not rule.active == false
}

deny contains evidence.finding_with(rule, "ownKey", "messages are stored without a key of your own", {
	"restsOn": [{"id": rule._id, "path": path} | some path in ["active"]],
}) if {
	some rule in resources
	not rule.ownKey == true
}
