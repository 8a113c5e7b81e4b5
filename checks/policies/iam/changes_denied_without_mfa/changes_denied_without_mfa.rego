# METADATA
# title: Changes of mail and its keys are denied without MFA
# description: >-
#   The trust policy guards the role alone. A denial for whoever comes without MFA holds whatever else allows the
#   change; judged where people take a role that administers mail.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-08, TEC-03, NPR-15]
#   reference: [IAM-03]
#   evidence: [derived.iam_role]
#   expected: a Deny of ses:* and kms:* under BoolIfExists aws:MultiFactorAuthPresent false
#   parameters:
#     breakGlassRoles: {default: [], kind: declaration, description: Names of roles for emergencies}
#   remediation: |
#     CDKTF and Terraform: attach to the group of the administrators a policy that denies ses:* and kms:* with condition BoolIfExists aws:MultiFactorAuthPresent = false.
#     MailAdminRole does.
package policies.iam.changes_denied_without_mfa

import data.policies.lib.evidence

resources contains role if {
	some role in evidence.of("derived.iam_role")
	not role.administersMail == false
	not role.forEmergencies == true
	not role.name in input.parameters.breakGlassRoles
	not role.mfa == "not_applicable"
}

deny contains evidence.finding(role, "changesDenied", "nothing denies changes that come without MFA") if {
	some role in resources
	role.administersMail == true
	not role.changesDenied == true
}

# Whether it administers mail could not be told.
deny contains evidence.finding(role, "administersMail", "nothing denies changes that come without MFA") if {
	some role in resources
	not role.administersMail == true
	not role.changesDenied == true
}
