# METADATA
# title: Secret policies admit no unknown account
# description: Another account is another organization until somebody says that it is known.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-15, ADM-09]
#   reference: [SEC-01]
#   evidence: [derived.secret_policy]
#   expected: no principal of an account besides the own one and trustedAccounts
#   parameters:
#     trustedAccounts: {default: [], kind: declaration, description: Accounts besides the own one that may be admitted}
#   remediation: |
#     CDKTF and Terraform: take the principal out of the aws_secretsmanager_secret_policy, or list its account in trustedAccounts.
package policies.secrets.only_known_accounts

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.secret_policy")

deny contains finding if {
	some item in resources
	some finding in documents.strangers(
		item,
		input.parameters.trustedAccounts,
		"the secret is open to an account that is not known",
	)
}
