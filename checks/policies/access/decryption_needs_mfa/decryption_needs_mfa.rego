# METADATA
# title: No person decrypts mail without MFA
# description: >-
#   Whoever may decrypt reads the mail itself; a leaked password must not be enough.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-08, TEC-03, NPR-15]
#   reference: [IAM-03]
#   evidence: [derived.decryption_access]
#   expected: MFA for every user, and for every role that users may take; roles of services have none
#   parameters:
#     exempt: {default: [], kind: declaration, description: "ARNs of users and roles that programs use, with * at the end for any that begin so"}
#   remediation: |
#     Ask for MFA in the trust policy of the role (Bool aws:MultiFactorAuthPresent true), and attach to users a policy that denies the action under BoolIfExists aws:MultiFactorAuthPresent false.
package policies.access.decryption_needs_mfa

import data.policies.lib.access
import data.policies.lib.evidence

resources contains key if some key in evidence.of("derived.decryption_access")

deny contains finding if {
	some key in resources
	some finding in access.findings(
		key,
		"holdsMail",
		"withoutMfa",
		input.parameters.exempt,
		"without MFA it may be decrypted by",
	)
}
