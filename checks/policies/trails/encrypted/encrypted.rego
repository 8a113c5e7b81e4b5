# METADATA
# title: The trail is encrypted with a customer managed key
# description: >-
#   Log files name people, addresses and calls; with a key of one's own it can be said who may read them.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-04]
#   reference: [CT-02, KMS-01]
#   evidence: [aws_cloudtrail]
#   expected: kms_key_id of a customer managed key
#   remediation: |
#     CDKTF and Terraform: set kms_key_id on the aws_cloudtrail to an aws_kms_key whose policy admits cloudtrail.amazonaws.com.
#     AWS CLI: aws cloudtrail update-trail --name NAME --kms-key-id ARN
package policies.trails.encrypted

import data.policies.lib.evidence

resources contains trail if some trail in evidence.of("aws_cloudtrail")

deny contains evidence.finding(trail, "kms_key_id", "the trail is not encrypted with a customer managed key") if {
	some trail in resources
	not evidence.names_own_key(trail, "kms_key_id")
}
