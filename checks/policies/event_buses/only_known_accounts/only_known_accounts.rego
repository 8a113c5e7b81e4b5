# METADATA
# title: Event buses that carry mail events admit no unknown account
# description: >-
#   Another account is another organization until somebody says that it is known. Judged where SES publishes to
#   EventBridge.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-14]
#   reference: [EVB-01]
#   evidence: [derived.event_bus_policy]
#   expected: no principal of an account besides the own one and trustedAccounts
#   parameters:
#     trustedAccounts: {default: [], kind: declaration, description: Accounts besides the own one that may be admitted}
#   remediation: |
#     CDKTF and Terraform: take the account out of the aws_cloudwatch_event_bus_policy or aws_cloudwatch_event_permission, or list it in trustedAccounts.
package policies.event_buses.only_known_accounts

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if {
	some item in evidence.of("derived.event_bus_policy")
	not item.carriesMailEvents == false
}

deny contains finding if {
	some item in resources
	some finding in documents.strangers(
		item,
		input.parameters.trustedAccounts,
		"the bus is open to an account that is not known",
	)
}
