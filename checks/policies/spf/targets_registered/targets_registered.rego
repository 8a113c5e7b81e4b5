# METADATA
# title: SPF names no domain that someone else could register
# description: Whoever registers a free name behind an include, redirect, a, mx or exists term may send as the domain.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-12]
#   reference: [SPF-16]
#   evidence: [derived.spf]
#   expected: a registrable domain that exists behind every term
#   citations: ["RFC 7208 5.2", "RFC 7208 6.1"]
#   remediation: |
#     DNS: remove the term, or register the name.
package policies.spf.targets_registered

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.spf")
	_arises(domain)
}

# The question does not arise without exactly one valid record; that is judged by the checks on the record itself.
_arises(domain) if domain.published.status != "complete"

_arises(domain) if domain.registrable.status != "none"

deny contains evidence.finding(domain, "registrable.status", "not every record it rests on could be read") if {
	some domain in resources
	not _told(domain)
}

_told(domain) if domain.registrable.status in {"complete", "none"}

deny contains evidence.finding_with(
	domain,
	"registrable.missing",
	sprintf("%v does not exist; whoever registers it may send as the domain", [evidence.shown(free, "domain")]),
	{
		"observed": evidence.shown(free, "domain"),
	},
) if {
	some domain in resources
	some free in domain.registrable.missing
}
