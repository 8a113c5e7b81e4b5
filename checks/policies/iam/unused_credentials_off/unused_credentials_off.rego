# METADATA
# title: Passwords and keys that nobody uses are switched off
# description: >-
#   Nobody misses what nobody uses, and nobody notices who else uses it. One that was never used counts from the day it
#   was made.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-06, ADM-09, TEC-15]
#   reference: [IAM-05]
#   evidence: [derived.credential]
#   expected: every active password and access key used within the days of the parameter
#   parameters:
#     maxUnusedDays: {default: 45, stricter: lower, description: Days that an active credential may go unused}
#   remediation: |
#     AWS CLI: aws iam update-access-key --status Inactive --access-key-id ID --user-name NAME, or aws iam delete-login-profile --user-name NAME.
package policies.iam.unused_credentials_off

import data.policies.lib.evidence

resources contains credential if some credential in evidence.of("derived.credential")

deny contains evidence.finding_with(credential, "unusedDays", "nobody has used it for long", {
	"expected": sprintf("used within %d days", [input.parameters.maxUnusedDays]),
}) if {
	some credential in resources
	not evidence.at_most(credential, "unusedDays", input.parameters.maxUnusedDays)
}
