# METADATA
# title: Receivers of DMARC and TLS reports are registered
# description: Reports tell a third party who writes to whom and when.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [BAA-05]
#   reference: [VENDOR-09]
#   evidence: [derived.report_destination]
#   expected: a host of the own domain, or a register row for the receiver
#   citations: ["RFC 9990 4", "RFC 8460 3"]
#   remediation: |
#     Record the receiver in records/baa/ with its report host under hosts, or name an address of your own.
package policies.vendors.report_receivers_registered

import data.policies.lib.evidence

resources contains destination if {
	some destination in evidence.of("derived.report_destination")
	destination.tag == "rua"
}

deny contains evidence.finding_with(destination, "rows", "the receiver of reports is not in the register", {
	"observed": evidence.shown(destination, "addresses"),
}) if {
	some destination in resources
	not destination.own
	not _registered(destination)
}

_registered(destination) if {
	some row in destination.rows
	row.standing != "ended"
}
