# METADATA
# title: Firehose streams encrypt what waits in them
# description: >-
#   Events name recipients and wait in the stream until they are delivered.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-04]
#   reference: [FH-01, KMS-01]
#   evidence: [derived.delivery_stream]
#   expected: server-side encryption with a customer managed key; for a Kinesis source, that of the source
#   remediation: |
#     CDKTF and Terraform: set server_side_encryption { enabled = true, key_type = "CUSTOMER_MANAGED_CMK", key_arn = KEY } on the stream.
#     AWS CLI: aws firehose start-delivery-stream-encryption --delivery-stream-name NAME --delivery-stream-encryption-configuration-input KeyType=CUSTOMER_MANAGED_CMK,KeyARN=ARN
package policies.streams.encrypted

import data.policies.lib.evidence

resources contains stream if some stream in evidence.of("derived.delivery_stream")

deny contains evidence.finding(
	stream,
	"encryptedInStream",
	"records wait in the stream without a customer managed key",
) if {
	some stream in resources
	not stream.encryptedInStream == true
}
