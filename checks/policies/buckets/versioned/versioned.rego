# METADATA
# title: Buckets are versioned
# description: Without versions, what is overwritten or deleted is gone.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-11, TEC-07]
#   reference: [S3-04]
#   evidence: [derived.bucket_versioning]
#   expected: versioning Enabled
#   remediation: |
#     CDKTF and Terraform: add an aws_s3_bucket_versioning with versioning_configuration.status = "Enabled".
#     AWS CLI: aws s3api put-bucket-versioning --bucket NAME --versioning-configuration Status=Enabled
package policies.buckets.versioned

import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.bucket_versioning")

deny contains evidence.finding(item, "status", "the bucket keeps no versions") if {
	some item in resources
	not item.status == "Enabled"
}
