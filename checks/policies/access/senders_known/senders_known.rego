# METADATA
# title: Only known principals may send as an identity
# description: >-
#   Whoever may send as the practice writes to its patients in its name. Answered by evaluating all policies together;
#   each finding names the principals and the statements that let them in.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-07, TEC-14]
#   reference: [SES-13]
#   evidence: [derived.sending_access]
#   expected: nobody beside the principals of the parameter
#   parameters:
#     allowedPrincipals: {default: [], kind: declaration, description: "ARNs of users, roles and accounts that may send, with * at the end for any that begin so"}
#   remediation: |
#     Take the statement named in the finding out of the policy, or name the principal in allowedPrincipals where it is meant to send.
package policies.access.senders_known

import data.policies.lib.access
import data.policies.lib.evidence

resources contains identity if some identity in evidence.of("derived.sending_access")

deny contains access.weighed(finding, input.parameters.allowedPrincipals) if {
	some identity in resources
	some finding in access.findings(
		identity,
		"sends",
		"principals",
		input.parameters.allowedPrincipals,
		"others than the known principals may send as this identity",
	)
}
