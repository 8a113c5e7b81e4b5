# METADATA
# title: The password policy of the account is strong
# description: >-
#   It is what keeps a user of the console from a short, old or used password; AWS's default asks for eight
#   characters.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-09]
#   reference: [IAM-04]
#   evidence: [aws_iam_account_password_policy]
#   expected: at least 14 characters of four kinds, none of the last 24 passwords, 90 days at most
#   parameters:
#     minLength: {default: 14, stricter: higher, description: Characters that a password must have}
#     reuse: {default: 24, stricter: higher, description: Earlier passwords that may not be used again}
#     maxAgeDays: {default: 90, stricter: lower, description: Days after which a password must be changed}
#   remediation: |
#     CDKTF and Terraform: set minimum_password_length, password_reuse_prevention, max_password_age and the four require_ arguments of an aws_iam_account_password_policy.
#     AWS CLI: aws iam update-account-password-policy --minimum-password-length 14 --password-reuse-prevention 24 --max-password-age 90 --require-symbols --require-numbers --require-uppercase-characters --require-lowercase-characters
package policies.account.password_policy_strong

import data.policies.lib.evidence

# An account that was seen to have no policy of its own has AWS's default.
resources contains policy if some policy in evidence.known("aws_iam_account_password_policy")

deny contains evidence.finding_with(policy, "minimum_password_length", "passwords may be too short", {
	"expected": sprintf("at least %d", [input.parameters.minLength]),
}) if {
	some policy in resources
	not evidence.at_least(policy, "minimum_password_length", input.parameters.minLength)
}

deny contains evidence.finding_with(policy, "password_reuse_prevention", "old passwords may be used again", {
	"expected": sprintf("at least %d", [input.parameters.reuse]),
}) if {
	some policy in resources
	not evidence.at_least(policy, "password_reuse_prevention", input.parameters.reuse)
}

deny contains evidence.finding_with(policy, "max_password_age", "passwords are valid too long", {
	"expected": sprintf("1 to %d days", [input.parameters.maxAgeDays]),
}) if {
	some policy in resources
	not _expires(policy)
}

deny contains evidence.finding_with(policy, path, "passwords need not hold every kind of character", {
	"expected": "true",
}) if {
	some policy in resources
	some path in [
		"require_lowercase_characters",
		"require_numbers",
		"require_symbols",
		"require_uppercase_characters",
	]
	not policy[path] == true
}

# 0 stands for passwords that never expire.
_expires(policy) if {
	evidence.at_least(policy, "max_password_age", 1)
	evidence.at_most(policy, "max_password_age", input.parameters.maxAgeDays)
}
