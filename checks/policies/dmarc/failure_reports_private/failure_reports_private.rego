# METADATA
# title: Failure reports do not go to third parties
# description: Failure reports may hold message content; who receives them sees what patients wrote.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [BAA-05, BAA-01, PRV-11]
#   reference: [DMARC-16]
#   evidence: [derived.report_destination, derived.dmarc]
#   expected: no ruf, restricted mailboxes of the own domains, or a receiver under a business associate agreement
#   citations: ["RFC 9991", "RFC 6591"]
#   parameters:
#     restricted_mailboxes:
#       default: []
#       kind: declaration
#       description: ruf addresses, as published, whose mailboxes are declared to redact reports and restrict access
#   remediation: |
#     DNS: remove ruf from the DMARC record, or sign an agreement with the receiver and record it in records/baa/.
package policies.dmarc.failure_reports_private

import data.policies.lib.evidence

resources contains destination if {
	some destination in evidence.of("derived.report_destination")
	destination.record == "dmarc"
	destination.tag == "ruf"
}

# Without ruf the domain itself is what the verdict is about.
resources contains domain if {
	some domain in evidence.of("derived.dmarc")
	count(domain.ruf) == 0
}

deny contains evidence.finding_with(
	destination,
	"rows",
	"message content may reach a third party without an agreement",
	{
		"observed": evidence.shown(destination, "addresses"),
	},
) if {
	some destination in resources
	destination.own == false
	not _agreed(destination)
}

_agreed(destination) if {
	some row in destination.rows
	row.standing == "in_force"
}

deny contains evidence.finding_with(
	destination,
	"restricted",
	"it is not declared that the mailbox redacts and restricts access",
	{
		"observed": evidence.shown(destination, "addresses"),
	},
) if {
	some destination in resources
	destination.own == true
	not _restricted(destination)
}

_restricted(destination) if {
	every address in destination.addresses {
		address in input.parameters.restricted_mailboxes
	}
}
