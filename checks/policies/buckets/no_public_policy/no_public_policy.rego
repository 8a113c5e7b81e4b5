# METADATA
# title: No bucket policy admits everyone
# description: >-
#   A bucket with mail or its logs that anyone can read is a breach. Conditions and denials of the policy are weighed.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-14]
#   reference: [S3-08]
#   evidence: [derived.bucket_policy]
#   expected: >-
#     no Allow for everyone without a condition that limits it to accounts, organizations, VPC endpoints or networks
#   remediation: |
#     CDKTF and Terraform: name the principals in the aws_s3_bucket_policy, or add a condition such as StringEquals aws:PrincipalOrgID.
#     AWS CLI: aws s3api put-bucket-policy --bucket NAME --policy file://policy.json
package policies.buckets.no_public_policy

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.bucket_policy")

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "public", "the policy admits everyone")
}
