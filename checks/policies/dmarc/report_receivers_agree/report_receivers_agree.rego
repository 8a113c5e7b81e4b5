# METADATA
# title: External report addresses have agreed to receive the reports
# description: Without the record of the receiver no reports are sent to it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12]
#   reference: [DMARC-10]
#   evidence: [derived.report_destination]
#   expected: a TXT record with v=DMARC1 at <domain>._report._dmarc.<host>
#   citations: ["RFC 9990 4"]
#   remediation: |
#     Ask the receiver to publish the authorization record, or name an address of your own domain.
package policies.dmarc.report_receivers_agree

import data.policies.lib.evidence

resources contains destination if {
	some destination in evidence.of("derived.report_destination")
	destination.record == "dmarc"
	destination.relation in {"authorized", "not_authorized", "error"}
}

deny contains evidence.finding_with(destination, "relation", "the receiver has not agreed, so no reports are sent", {
	"observed": evidence.shown(destination, "authorizationName"),
}) if {
	some destination in resources
	not destination.relation == "authorized"
}
