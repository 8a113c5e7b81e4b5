# METADATA
# title: Queues keep what could not be handled
# description: Without a dead-letter queue an event that fails is tried until it expires, and is gone.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-05]
#   reference: [SQS-01]
#   evidence: [derived.dead_letters]
#   expected: redrive_policy with deadLetterTargetArn; dead-letter queues themselves need none
#   remediation: |
#     CDKTF and Terraform: add redrive_policy = jsonencode({deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 5}).
#     AWS CLI: aws sqs set-queue-attributes --queue-url URL --attributes file://attributes.json
package policies.queues.dead_letter_queue

import data.policies.lib.evidence

resources contains item if {
	some item in evidence.of("derived.dead_letters")
	not item.isDeadLetterQueue == true
}

deny contains evidence.finding(item, "keepsFailures", "what the queue cannot deliver is lost") if {
	some item in resources
	not item.keepsFailures == true
}
