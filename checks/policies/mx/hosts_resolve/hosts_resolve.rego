# METADATA
# title: MX hosts exist and resolve
# description: Mail to a host without an address is lost or late.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-13, ADM-11]
#   reference: [MX-01]
#   evidence: [derived.mx]
#   expected: MX records whose hosts have an address
#   citations: ["RFC 5321 5.1", "RFC 5321 4.5.3.2"]
#   remediation: |
#     DNS: publish an MX record whose target has an A or AAAA record, and remove targets that are gone.
package policies.mx.hosts_resolve

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.mx")
	domain.receives
}

deny contains evidence.finding(domain, "count", "the domain has no MX record and no address to deliver to") if {
	some domain in resources
	domain.count == 0
	not domain.implicit
}

deny contains evidence.finding_with(domain, "count", "mail goes to the bare address record", {"severity": "low"}) if {
	some domain in resources
	domain.implicit
}

deny contains evidence.finding_with(
	domain,
	"hosts.addresses",
	sprintf("%s has no address", [evidence.shown(host, "name")]),
	{"observed": evidence.shown(host, "name")},
) if {
	some domain in resources
	some host in domain.hosts
	not _reachable(host)
}

deny contains evidence.finding(domain, "nullMx", "the domain is declared to receive mail and publishes a null MX") if {
	some domain in resources
	domain.nullMx
}

_reachable(host) if count(host.addresses) > 0

_reachable(host) if host.addressLiteral
