# METADATA
# title: SPF causes at most two void lookups
# description: A third lookup without an answer gives permerror at receivers that keep the recommended limit.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12]
#   reference: [SPF-04]
#   evidence: [derived.spf]
#   expected: at most 2 lookups without an answer
#   citations: ["RFC 7208 4.6.4"]
#   remediation: |
#     DNS: remove the terms whose names no longer exist.
package policies.spf.void_lookup_limit

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.spf")
	domain.sends
	_arises(domain)
}

# The question does not arise without exactly one valid record; that is judged by the checks on the record itself.
_arises(domain) if domain.published.status != "complete"

_arises(domain) if domain.voidLookups.status != "none"

deny contains evidence.finding(domain, "voidLookups.status", "not every record it rests on could be read") if {
	some domain in resources
	not _told(domain)
}

_told(domain) if domain.voidLookups.status == "complete"

deny contains evidence.finding_with(domain, "voidLookups.count", "receivers that keep the limit stop with permerror", {
	"observed": [lookup.name | some lookup in domain.voidLookups.lookups],
}) if {
	some domain in resources
	domain.voidLookups.status != "none"
	_broken(domain)
}

_broken(domain) if evidence.above(domain, "voidLookups.count", domain.voidLookups.limit)

_broken(domain) if evidence.above(domain, "voidLookups.countIpv6", domain.voidLookups.limit)
