# METADATA
# title: A plan gives users that serve SMTP one key and nothing but sending
# description: >-
#   An SMTP password of SES is made from an access key and lies in the settings of some program. Who finds it there can
#   do all that its user may. How old keys become, the account tells.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-15, TEC-08]
#   reference: [SES-14]
#   evidence: [derived.planned_smtp_user]
#   expected: no console password, ses:SendRawEmail alone, one access key
#   remediation: |
#     CDKTF: use SmtpSender, whose key is made and changed by a function and never stands in the state.
#     Terraform: give SMTP an aws_iam_user of its own with one policy that allows ses:SendRawEmail on the identity, one key, and no login profile.
package policies.sending.smtp_users_single_purpose

import data.policies.lib.evidence

resources contains user if some user in evidence.of("derived.planned_smtp_user")

deny contains evidence.finding(user, "consolePassword", "the user gets a password for the console") if {
	some user in resources
	not user.consolePassword == false
}

deny contains evidence.finding(user, "others", "the user may do more than send") if {
	some user in resources
	not user.others == []
}

deny contains evidence.finding(user, "accessKeys", "the user gets several access keys") if {
	some user in resources
	not user.accessKeys == 1
}
