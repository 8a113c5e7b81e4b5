# METADATA
# title: Receipt rules require TLS and scan
# description: By default SES takes mail in plaintext and looks at none of it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-10, ADM-09, NPR-13]
#   reference: [SES-16]
#   evidence: [aws_ses_receipt_rule, aws_ses_active_receipt_rule_set]
#   expected: tls_policy Require and scan_enabled true in each enabled rule of the active set
#   remediation: |
#     CDKTF and Terraform: set tls_policy = "Require" and scan_enabled = true on the aws_ses_receipt_rule.
#     AWS CLI: aws ses update-receipt-rule --rule-set-name SET --rule file://rule.json
package policies.inbound.tls_and_scan

import data.policies.lib.evidence

# Rules of sets that are not active take no mail; a rule that is off does not either.
resources contains rule if {
	some rule in evidence.of("aws_ses_receipt_rule")
	not rule.enabled == false
	not evidence.unset(rule, "enabled")
	some active in evidence.of("aws_ses_active_receipt_rule_set")
	_may_be_of(rule, active)
}

_may_be_of(rule, active) if rule.rule_set_name == active.rule_set_name

_may_be_of(rule, active) if {
	some id in rule._references.rule_set_name
	id in active._references.rule_set_name
}

_may_be_of(rule, active) if {
	some item in [rule, active]
	evidence.may_refer(item, "rule_set_name")
	not item._references.rule_set_name
}

deny contains evidence.finding(rule, "tls_policy", "mail is taken without TLS") if {
	some rule in resources
	not rule.tls_policy == "Require"
}

deny contains evidence.finding(rule, "scan_enabled", "mail is not scanned for viruses") if {
	some rule in resources
	not rule.scan_enabled == true
}
