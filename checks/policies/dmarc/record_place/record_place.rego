# METADATA
# title: The DMARC record stands at the right name
# description: Receivers look at _dmarc.<domain> alone; a record elsewhere does nothing.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [DMARC-12]
#   evidence: [derived.dmarc_place]
#   expected: no record with v=DMARC1 at the domain itself or at _dmarc._dmarc.<domain>
#   citations: ["RFC 9989 4.7"]
#   remediation: |
#     DNS: move the record to _dmarc.<domain>.
package policies.dmarc.record_place

import data.policies.lib.evidence

resources contains domain if some domain in evidence.of("derived.dmarc_place")

deny contains evidence.finding_with(domain, "strays", "a DMARC record stands where no receiver looks", {
	"observed": evidence.shown(domain, "strays"),
}) if {
	some domain in resources
	not _tidy(domain)
}

_tidy(domain) if {
	count(domain.strays) == 0
	domain.looked
}
