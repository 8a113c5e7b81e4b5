# METADATA
# title: Access control lists of buckets are off
# description: With BucketOwnerEnforced the policy alone decides, and what other accounts write belongs to the bucket.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-14]
#   reference: [S3-08]
#   evidence: [derived.bucket_acl]
#   expected: ObjectOwnership BucketOwnerEnforced
#   remediation: |
#     CDKTF and Terraform: add an aws_s3_bucket_ownership_controls with rule.object_ownership = "BucketOwnerEnforced", and take out aws_s3_bucket_acl.
#     AWS CLI: aws s3api put-bucket-ownership-controls --bucket NAME --ownership-controls Rules=[{ObjectOwnership=BucketOwnerEnforced}]
package policies.buckets.acls_disabled

import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.bucket_acl")

deny contains evidence.finding(item, "objectOwnership", "access control lists are in force") if {
	some item in resources
	not item.objectOwnership == "BucketOwnerEnforced"
	not item.objectOwnership == "unset"
}

# AWS switches them off on a new bucket; on one that was made before April 2023 they are as they were.
deny contains evidence.finding_with(
	item,
	"objectOwnership",
	"nothing says that access control lists are off: a bucket made before April 2023 has them",
	{"severity": "low"},
) if {
	some item in resources
	item.objectOwnership == "unset"
	item.grants == []
}

deny contains evidence.finding(item, "grants", "an access control list grants access") if {
	some item in resources
	item.objectOwnership == "unset"
	not item.grants == []
}
