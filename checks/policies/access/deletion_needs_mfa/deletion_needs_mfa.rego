# METADATA
# title: Nobody deletes records of mail or shortens how long they are kept without MFA
# description: >-
#   One leaked password must not be enough to take away the evidence of six years.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-08, TEC-03, NPR-15]
#   reference: [IAM-03]
#   evidence: [derived.deletion_access]
#   expected: MFA for every user, and for every role that users may take; roles of services have none
#   parameters:
#     exempt: {default: [], kind: declaration, description: "ARNs of users and roles that programs use, with * at the end for any that begin so"}
#   remediation: |
#     Ask for MFA in the trust policy of the role (Bool aws:MultiFactorAuthPresent true), and attach to users a policy that denies the action under BoolIfExists aws:MultiFactorAuthPresent false.
package policies.access.deletion_needs_mfa

import data.policies.lib.access
import data.policies.lib.evidence

resources contains store if some store in evidence.of("derived.deletion_access")

deny contains finding if {
	some store in resources
	some finding in access.findings(
		store,
		"keepsRecords",
		"withoutMfa",
		input.parameters.exempt,
		"without MFA it may be deleted or shortened by",
	)
}
