# METADATA
# title: A parked domain refuses all mail
# description: A domain without mail is what forgers like best; three records close it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12]
#   reference: [DMARC-15]
#   evidence: [derived.parked]
#   expected: v=spf1 -all, p=reject without weaker sp or np, and a null MX or neither MX nor address
#   citations: ["RFC 7208 10.1.2", "RFC 7505 3", "RFC 9989 4.7"]
#   remediation: |
#     DNS: publish "v=spf1 -all", "v=DMARC1; p=reject" at _dmarc.<domain>, and MX 0 . for the domain.
package policies.parked.refuses_mail

import data.policies.lib.evidence

resources contains domain if some domain in evidence.of("derived.parked")

deny contains evidence.finding_with(domain, "spf.refuses", "SPF does not refuse every sender", {
	"observed": evidence.shown(domain, "spf.record"),
}) if {
	some domain in resources
	not domain.spf.refuses
}

deny contains evidence.finding_with(
	domain,
	sprintf("dmarc.%s", [path]),
	"DMARC does not reject all mail of the domain and the names below it",
	{
		"observed": evidence.shown(domain, sprintf("dmarc.%s", [path])),
	},
) if {
	some domain in resources
	some path in ["effective", "subdomain", "nonexistent"]
	not evidence.shown(domain, sprintf("dmarc.%s", [path])) == "reject"
}

deny contains evidence.finding_with(domain, "mx.refuses", "the domain still takes mail", {
	"observed": evidence.shown(domain, "mx"),
}) if {
	some domain in resources
	not domain.mx.refuses
}
