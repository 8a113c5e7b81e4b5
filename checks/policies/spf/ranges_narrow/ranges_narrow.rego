# METADATA
# title: SPF allows no needlessly broad address ranges
# description: Whoever rents an address in an allowed range may send as the domain.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12]
#   reference: [SPF-14]
#   evidence: [derived.spf]
#   expected: no ip4, a or mx range wider than /16 and no ip6 range wider than /32
#   citations: ["RFC 7208 5.6"]
#   remediation: |
#     DNS: list the addresses that send, or the narrowest ranges that hold them.
package policies.spf.ranges_narrow

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.spf")
	domain.sends
	_arises(domain)
}

# The question does not arise without exactly one valid record; that is judged by the checks on the record itself.
_arises(domain) if domain.published.status != "complete"

_arises(domain) if domain.broadRanges.status != "none"

deny contains evidence.finding(domain, "broadRanges.status", "the record could not be read") if {
	some domain in resources
	not _told(domain)
}

_told(domain) if domain.broadRanges.status in {"complete", "none"}

deny contains evidence.finding_with(
	domain,
	"broadRanges.ranges",
	sprintf("%v allows a /%v of IPv%v", [
		evidence.shown(range, "term"),
		evidence.shown(range, "prefix"),
		evidence.shown(range, "family"),
	]),
	{
		"observed": evidence.shown(range, "prefix"),
	},
) if {
	some domain in resources
	some range in domain.broadRanges.ranges
	range.own
}
