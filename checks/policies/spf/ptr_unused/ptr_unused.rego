# METADATA
# title: The ptr mechanism is not used
# description: It is slow, unreliable and must not be published; many receivers ignore it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [SPF-10]
#   evidence: [derived.spf]
#   expected: no ptr term
#   citations: ["RFC 7208 5.5"]
#   remediation: |
#     DNS: replace ptr by ip4, ip6 or include terms.
package policies.spf.ptr_unused

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.spf")
	_arises(domain)
}

# The question does not arise without exactly one valid record; that is judged by the checks on the record itself.
_arises(domain) if domain.published.status != "complete"

_arises(domain) if domain.ptr.status != "none"

deny contains evidence.finding(domain, "ptr.status", "not every record it rests on could be read") if {
	some domain in resources
	not _told(domain)
}

_told(domain) if domain.ptr.status == "complete"

deny contains evidence.finding_with(domain, "ptr.own", "the record uses ptr", {
	"observed": [term.term | some term in domain.ptr.own],
}) if {
	some domain in resources
	count(domain.ptr.own) > 0
}
