# METADATA
# title: Only known principals may decrypt with a key of mail
# description: >-
#   Encryption guards against whoever may not use the key, and against nobody else. Answered by evaluating key policy and
#   IAM policies together. Grants of KMS are not looked at.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-04, ADM-07]
#   reference: [KMS-05, KMS-07]
#   evidence: [derived.decryption_access]
#   expected: nobody beside the principals of the parameter
#   parameters:
#     allowedPrincipals: {default: [], kind: declaration, description: "ARNs of users, roles and accounts that may decrypt, with * at the end for any that begin so"}
#   remediation: |
#     Take the statement named in the finding out of the policy, or name the principal in allowedPrincipals where it is meant to decrypt.
package policies.access.decryption_known

import data.policies.lib.access
import data.policies.lib.evidence

resources contains key if some key in evidence.of("derived.decryption_access")

deny contains access.weighed(finding, input.parameters.allowedPrincipals) if {
	some key in resources
	some finding in access.findings(
		key,
		"holdsMail",
		"principals",
		input.parameters.allowedPrincipals,
		"others than the known principals may decrypt",
	)
}
