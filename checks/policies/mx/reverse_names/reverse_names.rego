# METADATA
# title: Sending and MX addresses have matching forward and reverse names
# description: Large receivers refuse or suspect mail from addresses without a name that leads back.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12, CSP-01]
#   reference: [MX-04]
#   evidence: [derived.mail_address]
#   expected: a PTR record whose name resolves back to the address
#   citations: ["RFC 8601 3", "RFC 1912 2.1"]
#   remediation: |
#     Ask whoever runs the address to set its PTR record to the name of the host, and publish the address under that name.
package policies.mx.reverse_names

import data.policies.lib.evidence

resources contains address if some address in evidence.of("derived.mail_address")

deny contains evidence.finding_with(address, "pointers", "the address has no reverse name", {
	"observed": evidence.shown(address, "address"),
}) if {
	some address in resources
	count(address.pointers) == 0
}

deny contains evidence.finding_with(address, "confirmed", "no reverse name leads back to the address", {
	"observed": evidence.shown(address, "pointers"),
}) if {
	some address in resources
	count(address.pointers) > 0
	count(address.confirmed) == 0
}
