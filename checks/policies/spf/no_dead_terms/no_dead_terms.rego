# METADATA
# title: No SPF term is dead
# description: Mechanisms after all and a redirect beside all are never used; whoever wrote them expects otherwise.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [SPF-11]
#   evidence: [derived.spf]
#   expected: nothing after all, and no redirect beside it
#   citations: ["RFC 7208 5.1", "RFC 7208 6.1"]
#   remediation: |
#     DNS: move all to the end of the record, or remove the terms behind it.
package policies.spf.no_dead_terms

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.spf")
	_arises(domain)
}

# The question does not arise without exactly one valid record; that is judged by the checks on the record itself.
_arises(domain) if domain.published.status != "complete"

_arises(domain) if domain.deadTerms.status != "none"

deny contains evidence.finding(domain, "deadTerms.status", "not every record it rests on could be read") if {
	some domain in resources
	not _told(domain)
}

_told(domain) if domain.deadTerms.status in {"complete", "none"}

deny contains evidence.finding_with(domain, "deadTerms.terms", "terms that no receiver reaches", {
	"observed": dead,
}) if {
	some domain in resources
	dead := [term.term | some term in domain.deadTerms.terms; term.own]
	count(dead) > 0
}
