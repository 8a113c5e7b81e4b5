# METADATA
# title: The record does not lean on withdrawn tags
# description: pct, rf, ri and size suffixes have no meaning any more; a record that counts on them protects less than its owner thinks.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [DMARC-08]
#   evidence: [derived.dmarc]
#   expected: no pct, rf or ri, and no size suffix in a report address
#   citations: ["RFC 9989 4.7", "RFC 7489 6.3"]
#   remediation: |
#     DNS: remove pct, rf, ri and suffixes such as !10m from the DMARC record.
package policies.dmarc.no_withdrawn_tags

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dmarc")
	domain.found
}

deny contains evidence.finding_with(domain, "issues", sprintf("%v", [evidence.shown(issue, "message")]), {
	"observed": evidence.shown(domain, "record"),
}) if {
	some domain in resources
	some issue in domain.issues
	issue.code == "historic"
}
