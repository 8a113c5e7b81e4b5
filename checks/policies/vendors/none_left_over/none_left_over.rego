# METADATA
# title: No record is left of a vendor that was dropped
# description: Each left-over record is a way to send as the domain.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [BAA-05, TEC-12]
#   reference: [VENDOR-06]
#   evidence: [derived.vendor]
#   expected: no DNS record of a vendor whose agreement has ended
#   remediation: |
#     DNS: remove the records named in the finding.
package policies.vendors.none_left_over

import data.policies.lib.evidence

resources contains vendor if {
	some vendor in evidence.of("derived.vendor")
	vendor.match.shows == "mail_flow"
}

deny contains evidence.finding_with(vendor, "outcome", "the agreement has ended and the vendor still stands in DNS", {
	"observed": [signal.record | some signal in vendor.match.signals],
}) if {
	some vendor in resources
	not _current(vendor)
}

_current(vendor) if {
	is_string(vendor.outcome)
	vendor.outcome != "ended"
}
