# METADATA
# title: No topic policy admits everyone
# description: >-
#   Conditions and denials of the policy are weighed: one that anybody can meet limits nobody.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-14]
#   reference: [SNS-02]
#   evidence: [derived.topic_policy]
#   expected: no Allow for everyone without a condition that limits it to known accounts, organizations or sources
#   remediation: |
#     CDKTF and Terraform: name the principals in the aws_sns_topic_policy, or add a condition such as StringEquals aws:PrincipalOrgID.
#     AWS CLI: aws sns set-topic-attributes --topic-arn ARN --attribute-name Policy --attribute-value file://policy.json
package policies.topics.no_public_policy

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.topic_policy")

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "public", "anyone may publish to or subscribe to the topic")
}
