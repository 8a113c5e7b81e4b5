# METADATA
# title: The mail domain is signed and validates to the root
# description: |
#   Without DNSSEC anyone on the way can answer for the domain and send its mail elsewhere. The chain from the root is checked
#   here, signature by signature; a resolver's word counts for nothing, and a zone that only its own keys vouch for is not signed.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-13]
#   reference: [DNSSEC-01]
#   evidence: [derived.dnssec]
#   expected: every mail name validates along an unbroken chain to the root
#   citations: ["RFC 4035 5"]
#   remediation: |
#     Sign the zone at the DNS provider and publish its DS record at the registrar. After a change of provider or keys compare the
#     DS record with the keys in the zone.
package policies.dnssec.domain_validates

import data.policies.lib.evidence

resources contains domain if some domain in evidence.of("derived.dnssec")

deny contains evidence.finding(domain, "security", "the domain is not signed: mail records can be forged") if {
	some domain in resources
	not _validates(domain)
	not _bogus(domain)
}

deny contains evidence.finding_with(
	domain, "security", _why(domain),
	{"observed": evidence.shown(domain, "reason")},
) if {
	some domain in resources
	_bogus(domain)
}

deny contains evidence.finding_with(
	domain, "names", _about(name),
	{"observed": evidence.shown(name, "reason")},
) if {
	some domain in resources
	_validates(domain)
	some name in domain.names
	name.security == "bogus"
}

# What is signed itself may be an alias that leads into a zone that is not.
deny contains evidence.finding_with(
	domain, "names", _about(name),
	{"severity": "low", "observed": evidence.shown(name, "reason")},
) if {
	some domain in resources
	_validates(domain)
	some name in domain.names
	name.security != "bogus"
	not _validates(name)
}

_validates(item) if item.security == "secure"

_bogus(item) if item.security == "bogus"

_why(domain) := sprintf("the signatures do not validate: %v", [evidence.shown(domain, "detail")])

_about(name) := sprintf("%v %v is %v", [
	evidence.shown(name, "type"),
	evidence.shown(name, "name"),
	evidence.shown(name, "security"),
])
