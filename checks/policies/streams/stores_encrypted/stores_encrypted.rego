# METADATA
# title: Firehose streams write encrypted objects
# description: >-
#   What a stream writes is kept for years; a customer managed key says who may read it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-04]
#   reference: [FH-01, KMS-01]
#   evidence: [derived.delivery_stream]
#   expected: kms_key_arn of a customer managed key on the S3 destination, or a bucket that encrypts with one
#   remediation: |
#     CDKTF and Terraform: set kms_key_arn in the S3 part of the stream's destination.
#     AWS CLI: aws firehose update-destination --delivery-stream-name NAME ... EncryptionConfiguration
package policies.streams.stores_encrypted

import data.policies.lib.evidence

resources contains stream if some stream in evidence.of("derived.delivery_stream")

deny contains evidence.finding(
	stream,
	"encryptedInBucket",
	"what the stream writes to S3 is not encrypted with a customer managed key",
) if {
	some stream in resources
	not stream.encryptedInBucket == true
}
