# METADATA
# title: Report mailboxes can receive mail
# description: A report address whose domain takes no mail loses every report.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [DMARC-11]
#   evidence: [derived.report_destination]
#   expected: an MX record that is no null MX, or an address
#   citations: ["RFC 5321 5.1", "RFC 7505 3"]
#   remediation: |
#     DNS: name a mailbox at a domain that receives mail.
package policies.dmarc.report_mailboxes_exist

import data.policies.lib.evidence

resources contains destination if {
	some destination in evidence.of("derived.report_destination")
	destination.record == "dmarc"
	destination.mailbox
}

deny contains evidence.finding_with(destination, "accepts", "the domain of the report address takes no mail", {
	"observed": evidence.shown(destination, "addresses"),
}) if {
	some destination in resources
	not _accepts(destination)
}

_accepts(destination) if destination.accepts == true
