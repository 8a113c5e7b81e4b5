# METADATA
# title: No revoked key is in use
# description: A signature under a revoked key fails to verify; an empty key under a retired selector is correct.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12]
#   reference: [DKIM-06]
#   evidence: [derived.dkim_keys]
#   expected: no empty p= under a selector that is current
#   citations: ["RFC 6376 3.6.1"]
#   remediation: |
#     DNS: publish the key of the selector again, or have the service sign with a selector whose key is published.
package policies.dkim.no_revoked_in_use

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dkim_keys")
	domain.sends
}

deny contains evidence.finding_with(domain, "revokedCurrent", "a selector in use holds a revoked key", {
	"observed": evidence.shown(domain, "revokedCurrent"),
}) if {
	some domain in resources
	not _sound(domain)
}

_sound(domain) if {
	count(domain.revokedCurrent) == 0
	domain.currentKnown
}
