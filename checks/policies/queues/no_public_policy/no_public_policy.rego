# METADATA
# title: No queue policy admits everyone
# description: >-
#   Conditions and denials of the policy are weighed: one that anybody can meet limits nobody.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-14]
#   reference: [SQS-01]
#   evidence: [derived.queue_policy]
#   expected: no Allow for everyone without a condition that limits it to known accounts, organizations or sources
#   remediation: |
#     CDKTF and Terraform: name the principals in the aws_sqs_queue_policy, or add a condition such as StringEquals aws:PrincipalOrgID.
#     AWS CLI: aws sqs set-queue-attributes --queue-url URL --attributes file://attributes.json
package policies.queues.no_public_policy

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.queue_policy")

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "public", "anyone may use the queue")
}
