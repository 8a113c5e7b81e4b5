# METADATA
# title: Includes and redirects do not loop
# description: "A loop never ends within ten lookups: every message gets permerror."
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-12]
#   reference: [SPF-07]
#   evidence: [derived.spf]
#   expected: no name twice on a chain of includes
#   citations: ["RFC 7208 4.6.4", "RFC 7208 5.2", "RFC 7208 6.1"]
#   remediation: |
#     DNS: remove the include or redirect that leads back.
package policies.spf.no_loops

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.spf")
	_arises(domain)
}

# The question does not arise without exactly one valid record; that is judged by the checks on the record itself.
_arises(domain) if domain.published.status != "complete"

_arises(domain) if domain.loops.status != "none"

deny contains evidence.finding(domain, "loops.status", "not every record it rests on could be read") if {
	some domain in resources
	not _told(domain)
}

_told(domain) if domain.loops.status == "complete"

deny contains evidence.finding_with(domain, "loops.chains", "a chain of includes leads back to itself", {
	"observed": evidence.shown(domain, "loops.chains"),
}) if {
	some domain in resources
	count(domain.loops.chains) > 0
}
