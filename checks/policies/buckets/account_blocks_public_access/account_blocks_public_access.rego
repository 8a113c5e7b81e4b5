# METADATA
# title: The account blocks public access to buckets
# description: The block of the account holds for buckets that nobody looked at, and for those to come.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [TEC-14, NPR-16]
#   reference: [S3-01]
#   evidence: [aws_s3_account_public_access_block]
#   expected: all four settings of the account true
#   remediation: |
#     CDKTF and Terraform: add an aws_s3_account_public_access_block with all four settings true.
#     AWS CLI: aws s3control put-public-access-block --account-id ID --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
package policies.buckets.account_blocks_public_access

import data.policies.lib.evidence

resources contains item if some item in evidence.known("aws_s3_account_public_access_block")

deny contains evidence.finding(item, setting, sprintf("%s is off for the account", [setting])) if {
	some item in resources
	some setting in ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]
	not item[setting] == true
}
