# METADATA
# title: Aggregate reports are asked for at valid addresses
# description: Without reports nobody sees who sends as the domain.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12, ADM-04]
#   reference: [DMARC-09]
#   evidence: [derived.dmarc]
#   expected: "at least one valid mailto: URI in rua"
#   citations: ["RFC 9989 4.6", "RFC 9989 4.7", "RFC 9989 4.8", "RFC 7489 6.2"]
#   remediation: |
#     DNS: add rua=mailto:ADDRESS to the DMARC record, at a mailbox of your own or of a receiver in the register.
package policies.dmarc.aggregate_reports

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dmarc")
	domain.found
}

deny contains evidence.finding_with(domain, "rua", "no aggregate report reaches anyone", {
	"observed": [one.uri | some one in domain.rua],
}) if {
	some domain in resources
	not _asked(domain)
}

_asked(domain) if {
	some one in domain.rua
	one.valid
	one.scheme == "mailto"
}
