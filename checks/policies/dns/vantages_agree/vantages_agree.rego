# METADATA
# title: Vantage points agree on what they see
# description: What only one network sees may be the work of something on the way.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-10, ADM-13]
#   reference: [DNS-04]
#   evidence: [derived.vantages]
#   expected: the same DNS answers, EHLO keywords and certificates from a second network
#   remediation: |
#     Look at the path of the network that sees something else, and ask again from a third.
package policies.dns.vantages_agree

import data.policies.lib.evidence

resources contains domain if some domain in evidence.of("derived.vantages")

deny contains evidence.finding_with(domain, "agree", "a second network sees something else", {
	"observed": evidence.shown(domain, "differences"),
}) if {
	some domain in resources
	count(domain.differences) > 0
}

deny contains evidence.finding(domain, "agree", "there is no second view") if {
	some domain in resources
	count(domain.differences) == 0
	not domain.agree
}
