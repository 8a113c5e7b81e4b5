# METADATA
# title: Names that do not exist are covered by an enforced policy
# description: A forger may invent any name under the domain; np, else sp, else p says what receivers do with it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [DMARC-05]
#   evidence: [derived.dmarc]
#   expected: quarantine or reject for names that do not exist
#   citations: ["RFC 9989 4.7"]
#   remediation: |
#     DNS: add np=reject to the DMARC record of the organizational domain, or remove a weaker np or sp.
package policies.dmarc.nonexistent_covered

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dmarc")
	domain.found
	not domain.inherited
}

deny contains evidence.finding_with(domain, "nonexistentPolicy", "forged mail from invented names is delivered", {
	"observed": evidence.shown(domain, "nonexistentPolicy"),
}) if {
	some domain in resources
	not _covered(domain)
}

_covered(domain) if domain.nonexistentPolicy in {"quarantine", "reject"}
