# METADATA
# title: Name servers and MX hosts are reachable over IPv6
# description: Senders without IPv4 reach only hosts that have IPv6 addresses that work.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [ADM-13]
#   reference: [DNS-01]
#   evidence: [derived.dns_ipv6]
#   expected: two name servers and every MX host with an IPv6 address that answers
#   citations: ["RFC 5321 5.2"]
#   remediation: |
#     Publish AAAA records for name servers and MX hosts once the hosts answer there.
package policies.dns.ipv6_reachable

import data.policies.lib.evidence

# Absence is information only.
resources contains domain if {
	some domain in evidence.of("derived.dns_ipv6")
	domain.receives
	domain.offered
}

resources contains domain if {
	some domain in evidence.of("derived.dns_ipv6")
	domain.receives
	not domain.read
}

deny contains evidence.finding(domain, "offered", "the addresses could not be looked up") if {
	some domain in resources
	not domain.read
}

deny contains evidence.finding_with(domain, "lame", "a name server refuses to answer over IPv6", {
	"observed": evidence.shown(domain, "lame"),
}) if {
	some domain in resources
	count(domain.lame) > 0
}

deny contains evidence.finding(domain, "answered", "an IPv6 address gave no answer") if {
	some domain in resources
	domain.read
	not domain.answered
}
