# METADATA
# title: Buckets block public access
# description: One careless policy or list opens a bucket to everyone; the block refuses it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [TEC-14, NPR-16]
#   reference: [S3-01]
#   evidence: [derived.bucket_public_access]
#   expected: all four settings of the public access block true, and a policy that AWS does not call public
#   remediation: |
#     CDKTF and Terraform: add an aws_s3_bucket_public_access_block with block_public_acls, block_public_policy, ignore_public_acls and restrict_public_buckets = true.
#     AWS CLI: aws s3api put-public-access-block --bucket NAME --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
package policies.buckets.public_access_blocked

import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.bucket_public_access")

deny contains evidence.finding(item, setting, sprintf("%s is off", [setting])) if {
	some item in resources
	not item.stated == false
	some setting in _settings
	not item[setting] == true
}

# AWS switches the block on for a new bucket; on one that was made before April 2023 it is as it was.
deny contains evidence.finding_with(
	item,
	"stated",
	"nothing says that public access is blocked: a bucket made before April 2023 does not block it",
	{"severity": "medium"},
) if {
	some item in resources
	item.stated == false
}

deny contains evidence.finding(item, "policyPublic", "AWS calls the policy of the bucket public") if {
	some item in resources
	not _private(item)
}

_private(item) if item.policyPublic == false

# Of a plan's policy AWS has said nothing yet; what it admits is judged by itself.
_private(item) if item.policyPublic == "not_in_plan"

_settings := ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"]
