# METADATA
# title: The BIMI record is valid and DMARC permits it
# description: A record without an enforced policy behind it shows no logo anywhere.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [BIMI-01]
#   evidence: [derived.bimi]
#   expected: one record of right syntax under quarantine or reject
#   remediation: |
#     DNS: publish one record "v=BIMI1; l=https://..." at default._bimi.<domain>, and enforce DMARC for the domain and its subdomains.
package policies.bimi.record_valid

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.bimi")
	domain.sends
}

deny contains evidence.finding_with(domain, "valid", _message(domain), {
	"observed": evidence.shown(domain, "logoUri"),
}) if {
	some domain in resources
	not domain.valid
}

_message(domain) := domain.error if {
	is_string(domain.error)
} else := "the record is not valid"

deny contains evidence.finding_with(
	domain,
	sprintf("policies.%s", [which]),
	"DMARC is not enforced, so the logo is not shown",
	{
		"observed": evidence.shown(domain, sprintf("policies.%s", [which])),
	},
) if {
	some domain in resources
	some which in ["own", "organizational", "subdomain"]
	not evidence.shown(domain, sprintf("policies.%s", [which])) in {"quarantine", "reject"}
}
