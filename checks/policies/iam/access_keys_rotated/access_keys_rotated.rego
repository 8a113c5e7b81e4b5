# METADATA
# title: Access keys are young
# description: A key that leaked works until it is replaced.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-09, TEC-15, NPR-05]
#   reference: [IAM-05]
#   evidence: [derived.credential]
#   expected: every active access key rotated within the days of the parameter
#   parameters:
#     maxKeyAgeDays: {default: 90, stricter: lower, description: Days that an active access key may be old}
#   remediation: |
#     Use roles in place of keys. AWS CLI, where a key must be: aws iam create-access-key --user-name NAME, move its users over, then aws iam update-access-key --status Inactive and aws iam delete-access-key.
package policies.iam.access_keys_rotated

import data.policies.lib.evidence

resources contains key if {
	some key in evidence.of("derived.credential")
	key.sort == "access_key"
}

deny contains evidence.finding_with(key, "ageDays", "the access key is old", {
	"expected": sprintf("%d days at most", [input.parameters.maxKeyAgeDays]),
}) if {
	some key in resources
	not evidence.at_most(key, "ageDays", input.parameters.maxKeyAgeDays)
}
