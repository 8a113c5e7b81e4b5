# METADATA
# title: Buckets encrypt with a customer managed key by default
# description: Only a key of your own can be refused, watched and taken away.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-04, TEC-07, BRN-07, NPR-12]
#   reference: [S3-02, KMS-01]
#   evidence: [derived.bucket_encryption]
#   expected: SSEAlgorithm aws:kms with a customer managed key and a bucket key, or aws:kms:dsse
#   parameters:
#     aes256Buckets: {default: [], kind: declaration, description: Names of buckets that must stay on AES256 because a service cannot write to them under a KMS key}
#   remediation: |
#     CDKTF and Terraform: add an aws_s3_bucket_server_side_encryption_configuration with sse_algorithm = "aws:kms", kms_master_key_id of an aws_kms_key and bucket_key_enabled = true.
#     AWS CLI: aws s3api put-bucket-encryption --bucket NAME --server-side-encryption-configuration file://encryption.json
package policies.buckets.encrypted

import data.policies.lib.evidence

# S3 delivers access logs only to buckets on AES256 (S3 User Guide, "Enabling Amazon S3 server access logging").
resources contains item if {
	some item in evidence.of("derived.bucket_encryption")
	not item.holds == ["access_logs"]
	not _declared(item)
}

deny contains evidence.finding_with(item, "algorithm", "the bucket does not encrypt with a KMS key", {
	"restsOn": [{"id": item._id, "path": path} | some path in ["holds"]],
}) if {
	some item in resources
	not _by_kms(item)
}

deny contains evidence.finding(item, "ownKey", "the bucket's key is not a customer managed one") if {
	some item in resources
	_by_kms(item)
	not item.ownKey == true
}

deny contains evidence.finding(
	item,
	"bucketKey",
	"without a bucket key each object asks KMS, and its calls drown the others in the trail",
) if {
	some item in resources
	item.algorithm == "aws:kms"
	not item.bucketKey == true
}

_by_kms(item) if item.algorithm in {"aws:kms", "aws:kms:dsse"}

_declared(item) if item.name in input.parameters.aes256Buckets
