# METADATA
# title: Registered mail domains do not run out
# description: >-
#   Whoever registers a domain that ran out gets the mail that is still sent to it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-13, ADM-11]
#   reference: [EDG-03]
#   evidence: [derived.domain_registration]
#   expected: renewed by itself, or registered for at least the days of the parameter
#   parameters:
#     minDaysLeft: {default: 30, stricter: higher, description: Days that a domain that does not renew by itself must still be registered}
#   remediation: |
#     CDKTF and Terraform: leave auto_renew of the aws_route53domains_registered_domain at true.
#     AWS CLI: aws route53domains enable-domain-auto-renew --domain-name NAME
package policies.zones.registration_in_date

import data.policies.lib.evidence

resources contains domain if some domain in evidence.of("derived.domain_registration")

deny contains evidence.finding_with(domain, "daysLeft", "the domain runs out soon", {
	"expected": sprintf("renewed by itself, or at least %d days", [input.parameters.minDaysLeft]),
	"observed": {"daysLeft": evidence.shown(domain, "daysLeft"), "autoRenew": evidence.shown(domain, "autoRenew")},
}) if {
	some domain in resources
	not _kept(domain)
}

_kept(domain) if evidence.at_least(domain, "daysLeft", input.parameters.minDaysLeft)

_kept(domain) if {
	domain.autoRenew == true
	evidence.at_least(domain, "daysLeft", 0)
}
