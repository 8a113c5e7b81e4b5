# METADATA
# title: Subdomains are not protected less than the domain
# description: A weaker sp invites forgery under any invented subdomain.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12]
#   reference: [DMARC-04]
#   evidence: [derived.dmarc]
#   expected: sp absent or at least as strict as p
#   citations: ["RFC 9989 4.7", "RFC 9989 4.10.1"]
#   remediation: |
#     DNS: remove sp from the DMARC record, or make it as strict as p.
package policies.dmarc.subdomains_covered

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dmarc")
	domain.found
}

deny contains evidence.finding_with(domain, "subdomainPolicy", "subdomains are protected less than the domain", {
	"observed": evidence.shown(domain, "subdomainPolicy"),
}) if {
	some domain in resources
	not _covered(domain)
}

_strength := {"none": 0, "quarantine": 1, "reject": 2}

_covered(domain) if {
	below := _strength[domain.subdomainPolicy]
	own := _strength[domain.domainPolicy]
	is_number(below)
	is_number(own)
	below >= own
}
