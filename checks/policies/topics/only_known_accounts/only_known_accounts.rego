# METADATA
# title: Topic policies admit no unknown account
# description: Another account is another organization until somebody says that it is known.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-14]
#   reference: [SNS-02]
#   evidence: [derived.topic_policy]
#   expected: no principal of an account besides the own one and trustedAccounts
#   parameters:
#     trustedAccounts: {default: [], kind: declaration, description: Accounts besides the own one that may be admitted}
#   remediation: |
#     CDKTF and Terraform: take the principal out of the aws_sns_topic_policy, or list its account in trustedAccounts.
package policies.topics.only_known_accounts

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.topic_policy")

deny contains finding if {
	some item in resources
	some finding in documents.strangers(
		item,
		input.parameters.trustedAccounts,
		"the topic is open to an account that is not known",
	)
}
