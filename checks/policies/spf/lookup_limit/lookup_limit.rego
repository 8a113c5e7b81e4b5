# METADATA
# title: SPF needs at most ten DNS lookups
# description: Receivers stop at ten with permerror; counting goes on past the limit so that the true cost is shown.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-12]
#   reference: [SPF-03]
#   evidence: [derived.spf]
#   expected: at most 10 lookups
#   citations: ["RFC 7208 4.6.4"]
#   remediation: |
#     DNS: remove includes of services no longer used, replace a and mx by ip4 and ip6 where the addresses are fixed, or move a service to a subdomain.
package policies.spf.lookup_limit

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.spf")
	domain.sends
	_arises(domain)
}

# The question does not arise without exactly one valid record; that is judged by the checks on the record itself.
_arises(domain) if domain.published.status != "complete"

_arises(domain) if domain.lookups.status != "none"

deny contains evidence.finding(domain, "lookups.status", "not every record it rests on could be read") if {
	some domain in resources
	not _told(domain)
}

_told(domain) if domain.lookups.status == "complete"

deny contains evidence.finding_with(domain, "lookups.count", "receivers stop with permerror: every message fails SPF", {
	"observed": evidence.shown(domain, "lookups.count"),
}) if {
	some domain in resources
	domain.lookups.status != "none"
	_broken(domain)
}

# A limit that is broken by what was seen is broken whatever else is unknown.
_broken(domain) if evidence.above(domain, "lookups.count", 10)
