# METADATA
# title: A flattened SPF record is known and kept current
# description: Copied ranges age; mail from the ranges that the provider added since fails SPF.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [SPF-17]
#   evidence: [derived.flattening]
#   expected: the ranges that the provider publishes today
#   citations: ["RFC 7208 5.2"]
#   remediation: |
#     DNS: include the name of the provider, or refresh the copied ranges.
package policies.spf.flattening_current

import data.policies.lib.evidence

resources contains copy if {
	some copy in evidence.of("derived.flattening")
	copy.sends
}

deny contains evidence.finding_with(copy, "current", "ranges that the provider publishes are missing from the copy", {
	"observed": evidence.shown(copy, "missing"),
}) if {
	some copy in resources
	not _current(copy)
}

_current(copy) if copy.current == true
