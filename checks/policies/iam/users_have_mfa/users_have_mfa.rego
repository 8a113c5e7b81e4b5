# METADATA
# title: Users with a password, and those who may administer mail, have MFA
# description: >-
#   A password or key that leaked is enough without it. Users of IAM Identity Center are not seen through the API; their
#   MFA is attested.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [TEC-08, NPR-15]
#   reference: [IAM-02]
#   evidence: [derived.user_mfa]
#   expected: an MFA device of each user that has a password or may take a role that administers mail
#   remediation: |
#     AWS CLI: aws iam enable-mfa-device --user-name NAME --serial-number ARN --authentication-code1 CODE --authentication-code2 CODE; a security key is registered in the console.
package policies.iam.users_have_mfa

import data.policies.lib.evidence

resources contains user if {
	some user in evidence.of("derived.user_mfa")
	not _needs_none(user)
}

_needs_none(user) if {
	user.password == false
	user.administersMail == false
}

deny contains evidence.finding(user, "mfa", _message(user)) if {
	some user in resources
	_asked(user)
	not user.mfa == true
}

# Whether MFA is asked of it could not be told.
deny contains evidence.finding(user, "password", "the user may have a password, and has no MFA") if {
	some user in resources
	not _asked(user)
	not user.mfa == true
	not user.password == false
}

deny contains evidence.finding(user, "administersMail", "the user may administer mail, and has no MFA") if {
	some user in resources
	not _asked(user)
	not user.mfa == true
	not user.administersMail == false
}

_asked(user) if user.password == true

_asked(user) if user.administersMail == true

default _message(_) := "the user may take a role that administers mail and has no MFA"

_message(user) := "the user has a password and no MFA" if user.password == true
