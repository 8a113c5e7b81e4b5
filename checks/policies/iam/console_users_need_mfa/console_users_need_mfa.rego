# METADATA
# title: Users with a password are held to MFA by a policy
# description: >-
#   A password that leaked opens the console, unless a policy denies what comes without MFA. Whether a user has MFA is
#   seen in the account alone.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [TEC-08, NPR-15]
#   reference: [IAM-02]
#   evidence: [derived.console_user]
#   expected: a Deny under BoolIfExists aws:MultiFactorAuthPresent false for each user with a login profile
#   remediation: |
#     CDKTF and Terraform: attach to the group of the user a policy that denies actions with condition BoolIfExists aws:MultiFactorAuthPresent = false. Bool in its place
#     lets long-term keys through, which carry no such value. MailAdminRole has such a group.
package policies.iam.console_users_need_mfa

import data.policies.lib.evidence

resources contains user if some user in evidence.of("derived.console_user")

deny contains evidence.finding(user, "deniedWithoutMfa", "nothing denies what the user does without MFA") if {
	some user in resources
	not user.deniedWithoutMfa == true
}
