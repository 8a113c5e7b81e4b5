# METADATA
# title: The zones of the MX hosts are signed and validate
# description: |
#   Addresses and TLSA records of an MX host can be forged where its zone is not signed. Where the host belongs to a provider,
#   only the provider can sign it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-13]
#   reference: [DNSSEC-02]
#   evidence: [derived.dnssec_host]
#   expected: addresses and TLSA records of each MX host validate along an unbroken chain to the root
#   citations: ["RFC 4035 5", "RFC 7672 2.2"]
#   remediation: |
#     Sign the zone of the MX host and publish its DS record; ask the provider where the host is the provider's.
package policies.dnssec.mx_hosts_validate

import data.policies.lib.evidence

resources contains host if some host in evidence.of("derived.dnssec_host")

deny contains evidence.finding_with(host, "security", _why(host), {"observed": evidence.shown(host, "reason")}) if {
	some host in resources
	not _validates(host)
}

deny contains evidence.finding_with(host, "names", _about(name), {"observed": evidence.shown(name, "reason")}) if {
	some host in resources
	_validates(host)
	some name in host.names
	not _validates(name)
}

_validates(item) if item.security == "secure"

_why(host) := "the zone of the MX host is not signed" if {
	host.security == "insecure"
} else := sprintf("the signatures do not validate: %v", [evidence.shown(host, "detail")])

_about(name) := sprintf("%v %v is %v", [
	evidence.shown(name, "type"),
	evidence.shown(name, "name"),
	evidence.shown(name, "security"),
])
