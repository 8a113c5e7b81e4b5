# METADATA
# title: The domain publishes at least one usable DKIM key
# description: Without a key nothing that the domain sends can be verified after forwarding.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-12, TEC-07]
#   reference: [DKIM-01]
#   evidence: [derived.dkim]
#   expected: a selector with a valid key that is not revoked
#   citations: ["RFC 6376 3.6.2", "RFC 8020 2"]
#   remediation: |
#     DNS: publish the CNAME or TXT records that the sending service gives out, and name their selectors in domains[].dkimSelectors.
package policies.dkim.key_published

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dkim")
	domain.sends
}

deny contains evidence.finding_with(domain, "usable", "none of the declared selectors holds a usable key", {
	"observed": evidence.shown(domain, "missing"),
}) if {
	some domain in resources
	not _signs(domain)
}

_signs(domain) if count(domain.usable) > 0
