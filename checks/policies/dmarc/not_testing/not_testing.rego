# METADATA
# title: DMARC is not in test mode
# description: With t=y reject acts as quarantine and quarantine as none.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12]
#   reference: [DMARC-06]
#   evidence: [derived.dmarc]
#   expected: t absent or n
#   citations: ["RFC 9989 4.7"]
#   remediation: |
#     DNS: remove t=y from the DMARC record once the reports are clean.
package policies.dmarc.not_testing

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dmarc")
	domain.found
}

deny contains evidence.finding(domain, "testing", "the record is in test mode") if {
	some domain in resources
	not _in_force(domain)
}

_in_force(domain) if domain.testing == false
