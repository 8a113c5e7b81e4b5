# METADATA
# title: Queues refuse requests without TLS
# description: >-
#   Mail events name recipients; SQS takes and hands them out over clear text unless the queue policy denies it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-09]
#   reference: [SQS-01]
#   evidence: [derived.queue_policy]
#   expected: Deny of sending and receiving to everyone when aws:SecureTransport is false
#   remediation: |
#     CDKTF and Terraform: in the aws_sqs_queue_policy deny sqs:* for principal "*" on the queue ARN with condition Bool aws:SecureTransport = false.
package policies.queues.tls_only

import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.queue_policy")

deny contains evidence.finding(item, "refusesClearText", "the queue answers requests without TLS") if {
	some item in resources
	not item.refusesClearText == true
}
