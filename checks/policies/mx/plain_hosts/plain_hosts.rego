# METADATA
# title: MX records name plain hosts once each
# description: An alias or address as MX target is refused by some senders.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [ADM-13]
#   reference: [MX-02]
#   evidence: [derived.mx]
#   expected: host names that are no alias and no address, each once
#   citations: ["RFC 2181 10.3", "RFC 5321 5.1"]
#   remediation: |
#     DNS: point the MX record at the canonical name of the host.
package policies.mx.plain_hosts

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.mx")
	count(domain.hosts) > 0
}

deny contains evidence.finding_with(
	domain,
	"hosts.addresses",
	sprintf("%s is an alias", [evidence.shown(host, "name")]),
	{"observed": evidence.shown(host, "name")},
) if {
	some domain in resources
	some host in domain.hosts
	host.alias
}

deny contains evidence.finding_with(
	domain,
	"hosts",
	sprintf("%s is an address, not a name", [evidence.shown(host, "name")]),
	{"observed": evidence.shown(host, "name")},
) if {
	some domain in resources
	some host in domain.hosts
	host.addressLiteral
}

deny contains evidence.finding_with(domain, "hosts", "a host is listed twice", {
	"observed": [host.name | some host in domain.hosts],
}) if {
	some domain in resources
	count(domain.hosts) > count({host.name | some host in domain.hosts})
}

deny contains evidence.finding(domain, "hosts.addresses", "a host could not be looked up") if {
	some domain in resources
	some host in domain.hosts
	not host.addressLiteral
	count(host.addresses) == 0
	not host.alias
	not _answered(domain)
}

# Only a look-up that failed leaves this open; a host that does not exist is judged by mx.hosts_resolve.
_answered(domain) if not domain.cnameLoop
