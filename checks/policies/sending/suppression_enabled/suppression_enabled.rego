# METADATA
# title: Bounces and complaints are suppressed in every configuration set
# description: A person who complained must not be written to again; an empty list switches suppression off.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PRV-09, CSP-04, ADM-02]
#   reference: [SES-11]
#   evidence: [aws_sesv2_configuration_set]
#   expected: BOUNCE and COMPLAINT
#   remediation: |
#     CDKTF and Terraform: set suppression_options.suppressed_reasons to ["BOUNCE", "COMPLAINT"] on the configuration set.
#     AWS CLI: aws sesv2 put-configuration-set-suppression-options --configuration-set-name NAME --suppressed-reasons BOUNCE COMPLAINT
package policies.sending.suppression_enabled

import data.policies.lib.evidence

resources contains set if some set in evidence.of("aws_sesv2_configuration_set")

deny contains evidence.finding(
	set,
	"suppression_options.suppressed_reasons",
	"mail goes on to addresses that bounced or complained",
) if {
	some set in resources
	not _suppressed(set)
}

_suppressed(set) if {
	reasons := {reason | some reason in set.suppression_options.suppressed_reasons}
	count({"BOUNCE", "COMPLAINT"} - reasons) == 0
}
