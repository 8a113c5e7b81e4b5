# METADATA
# title: A null MX stands alone
# description: Beside another MX record a null MX contradicts it, and senders differ in what they do.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12]
#   reference: [MX-03]
#   evidence: [derived.mx]
#   expected: a null MX as the only MX record
#   citations: ["RFC 7505 3"]
#   remediation: |
#     DNS: keep either "MX 0 ." or the other MX records, not both.
package policies.mx.null_mx_alone

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.mx")
	domain.nullMx
}

deny contains evidence.finding(domain, "count", "a null MX stands beside other MX records") if {
	some domain in resources
	not _alone(domain)
}

_alone(domain) if domain.count == 1

deny contains evidence.finding_with(domain, "nullPreference", "the null MX has another preference than 0", {
	"severity": "low",
	"observed": evidence.shown(domain, "nullPreference"),
}) if {
	some domain in resources
	not _preferred(domain)
}

_preferred(domain) if domain.nullPreference == 0
