# METADATA
# title: People sign in through single sign-on, not as IAM users
# description: A password of an IAM user outlives the person's employment and is under no directory's rules.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-01, TEC-03, ADM-06]
#   reference: [IAM-07]
#   evidence: [derived.console_user]
#   expected: no login profile besides those of breakGlassUsers
#   parameters:
#     breakGlassUsers: {default: [], kind: declaration, description: Names of users for emergencies}
#   remediation: |
#     CDKTF and Terraform: remove the aws_iam_user_login_profile; give people permission sets in IAM Identity Center.
#     AWS CLI: aws iam delete-login-profile --user-name NAME
package policies.iam.no_login_profiles

import data.policies.lib.evidence

resources contains user if some user in evidence.of("derived.console_user")

deny contains evidence.finding(user, "user", "an IAM user signs in with a password") if {
	some user in resources
	not _for_emergencies(user)
}

_for_emergencies(user) if user.user in input.parameters.breakGlassUsers
