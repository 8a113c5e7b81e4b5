# METADATA
# title: Buckets refuse requests without TLS
# description: S3 answers over clear text unless the bucket policy denies it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-09, TEC-07, NPR-12]
#   reference: [S3-03]
#   evidence: [derived.bucket_policy]
#   expected: Deny of s3:* to everyone on bucket and objects when aws:SecureTransport is false
#   remediation: |
#     CDKTF and Terraform: in the aws_s3_bucket_policy deny s3:* for principal "*" on the bucket ARN and ARN/* with condition Bool aws:SecureTransport = false.
#     SecureBucket does.
package policies.buckets.tls_only

import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.bucket_policy")

deny contains evidence.finding(item, "refusesClearText", "the bucket answers requests without TLS") if {
	some item in resources
	not item.refusesClearText == true
}
