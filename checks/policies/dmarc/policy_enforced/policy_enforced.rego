# METADATA
# title: The effective DMARC policy is quarantine or reject
# description: With none, mail that claims to come from the clinic is delivered whoever sent it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-12, CSP-01]
#   reference: [DMARC-03]
#   evidence: [derived.dmarc]
#   expected: quarantine or reject
#   citations: ["RFC 9989 4.7", "RFC 9989 5.4", "RFC 9989 7.4"]
#   remediation: |
#     DNS: read the aggregate reports, then set p=quarantine and later p=reject at _dmarc.<domain>, without t=y. Domains whose users post to mailing lists stay at quarantine.
package policies.dmarc.policy_enforced

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dmarc")
	domain.sends
}

deny contains evidence.finding_with(domain, "effectivePolicy", _message(domain), {"observed": _shown(domain)}) if {
	some domain in resources
	not _enforced(domain)
}

_enforced(domain) if domain.effectivePolicy in {"quarantine", "reject"}

_shown(domain) := domain.effectivePolicy if is_string(domain.effectivePolicy)

else := "no DMARC record"

_message(domain) := "no DMARC record applies, so nothing is enforced" if {
	not domain.found
} else := "forged mail of this domain is delivered"
