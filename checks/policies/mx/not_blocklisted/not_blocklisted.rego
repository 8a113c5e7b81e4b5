# METADATA
# title: Sending and MX addresses are on no block list
# description: A listed address gets its mail refused by everyone who asks that list.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12]
#   reference: [MX-06]
#   evidence: [derived.mail_address]
#   expected: no listing at the configured DNS block lists
#   citations: ["RFC 5782 2.1"]
#   remediation: |
#     Find out from the list why the address is on it, repair the cause, and ask for removal.
package policies.mx.not_blocklisted

import data.policies.lib.evidence

resources contains address if some address in evidence.of("derived.mail_address")

deny contains evidence.finding_with(address, "listings", "the address is on a block list", {
	"observed": evidence.shown(address, "listings"),
}) if {
	some address in resources
	not _clear(address)
}

_clear(address) if {
	count(address.lists) > 0
	address.clear
}
