# METADATA
# title: Bounces and complaints are suppressed in the account and in every configuration set
# description: A person who complained must not be written to again; an empty list switches suppression off, and a set without one goes by the account.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PRV-09, CSP-04, ADM-02]
#   reference: [SES-11]
#   evidence: [aws_sesv2_configuration_set, derived.ses_suppression]
#   expected: BOUNCE and COMPLAINT
#   remediation: |
#     CDKTF and Terraform: set suppression_options.suppressed_reasons to ["BOUNCE", "COMPLAINT"] on the configuration set, and add an aws_sesv2_account_suppression_attributes with both.
#     AWS CLI: aws sesv2 put-configuration-set-suppression-options --configuration-set-name NAME --suppressed-reasons BOUNCE COMPLAINT, aws sesv2 put-account-suppression-attributes --suppressed-reasons BOUNCE COMPLAINT
package policies.sending.suppression_enabled

import data.policies.lib.evidence

resources contains item if {
	some kind in ["aws_sesv2_configuration_set", "derived.ses_suppression"]
	some item in evidence.of(kind)
}

deny contains evidence.finding_with(
	set,
	"suppression_options.suppressed_reasons",
	"mail goes on to addresses that bounced or complained",
	{"restsOn": [{"id": account._id, "path": "reasons"} | some account in _accounts]},
) if {
	some set in evidence.of("aws_sesv2_configuration_set")
	not _suppressed(set)
}

deny contains evidence.finding(
	account,
	"reasons",
	"the account lets mail go on to addresses that bounced or complained",
) if {
	some account in _accounts
	not _suppresses(account)
}

_accounts := evidence.of("derived.ses_suppression")

_suppressed(set) if _both(set.suppression_options.suppressed_reasons)

# Without options of its own a set goes by the account's.
_suppressed(set) if {
	evidence.unset(set, "suppression_options")
	some account in _accounts
	_suppresses(account)
}

_suppresses(account) if _both(account.reasons)

_both(list) if {
	reasons := {reason | some reason in list}
	count({"BOUNCE", "COMPLAINT"} - reasons) == 0
}
