# METADATA
# title: Mail administration demands recent MFA
# description: >-
#   Whoever changes how mail is sent proves by a second factor that it is him, and that he is still there. Roles that
#   only services or identity providers take are not judged.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-08, TEC-03, NPR-15]
#   reference: [IAM-03]
#   evidence: [derived.iam_role]
#   expected: aws:MultiFactorAuthPresent true and aws:MultiFactorAuthAge of at most an hour in the trust policy
#   parameters:
#     maxMfaAgeSeconds: {default: 3600, stricter: lower, description: Oldest MFA in seconds with which a mail administrator may act}
#   remediation: |
#     CDKTF and Terraform: add to the trust policy Bool aws:MultiFactorAuthPresent = true and NumericLessThanEquals aws:MultiFactorAuthAge = 3600. MailAdminRole does.
package policies.iam.admin_roles_demand_mfa

import data.policies.lib.evidence

resources contains role if {
	some role in evidence.of("derived.iam_role")
	not role.administersMail == false
	not role.mfa == "not_applicable"
}

deny contains evidence.finding(role, "mfa", "the role is given without MFA") if {
	some role in resources
	not role.mfa == "yes"
	role.administersMail == true
}

deny contains evidence.finding(role, "oldestMfaSeconds", "the role is given on MFA of long ago") if {
	some role in resources
	role.mfa == "yes"
	role.administersMail == true
	not evidence.at_most(role, "oldestMfaSeconds", input.parameters.maxMfaAgeSeconds)
}

# Whether it administers mail could not be told.
deny contains evidence.finding(role, "administersMail", "the role is given without recent MFA") if {
	some role in resources
	not role.administersMail == true
	not _recent(role)
}

_recent(role) if {
	role.mfa == "yes"
	evidence.at_most(role, "oldestMfaSeconds", input.parameters.maxMfaAgeSeconds)
}
