# METADATA
# title: Topic policies bind each AWS service to known sources
# description: >-
#   A service acts for whoever asks it; without aws:SourceAccount or aws:SourceArn it publishes for other accounts too.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-14]
#   reference: [SNS-02]
#   evidence: [derived.topic_policy]
#   expected: aws:SourceAccount or aws:SourceArn of known accounts on each service
#   remediation: |
#     CDKTF and Terraform: add condition StringEquals aws:SourceAccount = your account to each statement with a Service principal.
package policies.topics.services_bound

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.topic_policy")

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "services", "a service may use the topic on behalf of any account")
}
