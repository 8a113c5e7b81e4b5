# METADATA
# title: Topics accept messages over TLS only
# description: Mail events name recipients; SNS takes them over clear text unless the topic policy denies it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-09]
#   reference: [SNS-04]
#   evidence: [derived.topic_policy]
#   expected: Deny of sns:Publish to everyone when aws:SecureTransport is false
#   remediation: |
#     CDKTF and Terraform: in the aws_sns_topic_policy deny sns:Publish for principal "*" on the topic ARN with condition Bool aws:SecureTransport = false.
package policies.topics.tls_only

import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.topic_policy")

deny contains evidence.finding(item, "refusesClearText", "the topic takes messages without TLS") if {
	some item in resources
	not item.refusesClearText == true
}
