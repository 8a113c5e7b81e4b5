# METADATA
# title: No mx term names more than ten hosts
# description: An mx term that yields more than ten names gives permerror; of a ptr lookup only the first ten names count.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [SPF-05]
#   evidence: [derived.spf]
#   expected: at most ten MX records behind each mx term
#   citations: ["RFC 7208 4.6.4"]
#   remediation: |
#     DNS: replace the mx term by ip4, ip6 or a terms for the hosts that send.
package policies.spf.mx_names

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.spf")
	domain.sends
	_arises(domain)
}

# The question does not arise without exactly one valid record; that is judged by the checks on the record itself.
_arises(domain) if domain.published.status != "complete"

_arises(domain) if domain.manyNames.status != "none"

deny contains evidence.finding(domain, "manyNames.status", "not every record it rests on could be read") if {
	some domain in resources
	not _told(domain)
}

_told(domain) if domain.manyNames.status in {"complete", "none"}

deny contains evidence.finding_with(
	domain,
	"manyNames.mx",
	sprintf("%v yields %v MX records", [evidence.shown(term, "term"), evidence.shown(term, "count")]),
	{
		"observed": evidence.shown(term, "count"),
	},
) if {
	some domain in resources
	some term in domain.manyNames.mx
}
