# METADATA
# title: Identity policies admit no unknown account
# description: Another account that sends as the clinic is a vendor to be known and under contract.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-14]
#   reference: [SES-12]
#   evidence: [derived.ses_identity_policy]
#   expected: no principal of an account besides the own one and trustedAccounts
#   parameters:
#     trustedAccounts: {default: [], kind: declaration, description: Accounts besides the own one that may be admitted}
#   remediation: |
#     CDKTF and Terraform: take the account out of the aws_sesv2_email_identity_policy, or list it in trustedAccounts.
package policies.sending.identity_policies_known_accounts

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.ses_identity_policy")

deny contains finding if {
	some item in resources
	some finding in documents.strangers(
		item,
		input.parameters.trustedAccounts,
		"an account that is not known may send as this identity",
	)
}
