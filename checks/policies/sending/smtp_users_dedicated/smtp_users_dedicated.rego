# METADATA
# title: Users whose keys serve SMTP do nothing else, and their keys are young
# description: >-
#   An SMTP password of SES is made from an access key and lies in the settings of some program. Who finds it there can
#   do all that its user may.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-15, ADM-09, TEC-08]
#   reference: [SES-14]
#   evidence: [derived.smtp_user]
#   expected: no console password, ses:SendRawEmail alone, one active key within the days of the parameter
#   parameters:
#     maxKeyAgeDays: {default: 90, stricter: lower, description: Days that the access key may be old}
#   remediation: |
#     Give SMTP a user of its own with one policy that allows ses:SendRawEmail on the identity; send by the API from a role where that can be.
#     AWS CLI: aws iam create-access-key --user-name NAME, put the new SMTP password in place, then aws iam delete-access-key for the old key.
package policies.sending.smtp_users_dedicated

import data.policies.lib.evidence

resources contains user if some user in evidence.of("derived.smtp_user")

deny contains evidence.finding(user, "consolePassword", "the user has a password for the console") if {
	some user in resources
	not user.consolePassword == false
}

deny contains evidence.finding(user, "others", "the user may do more than send") if {
	some user in resources
	not user.others == []
}

deny contains evidence.finding(user, "activeKeys", "the user has several active keys") if {
	some user in resources
	not user.activeKeys == 1
}

deny contains evidence.finding_with(user, "oldestKeyDays", "the key that serves SMTP is old", {
	"expected": sprintf("%d days at most", [input.parameters.maxKeyAgeDays]),
}) if {
	some user in resources
	not evidence.at_most(user, "oldestKeyDays", input.parameters.maxKeyAgeDays)
}
