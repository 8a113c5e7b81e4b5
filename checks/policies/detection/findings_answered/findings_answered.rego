# METADATA
# title: High findings of GuardDuty are answered within days
# description: >-
#   A finding that nobody has looked at is an alarm that rings in an empty room.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-10, ADM-09]
#   reference: [DET-01]
#   evidence: [derived.detector_findings]
#   expected: no open finding of severity 7 or more that is older than the days of the parameter
#   parameters:
#     maxOpenDays: {default: 7, stricter: lower, description: Days that a high finding may be open}
#   remediation: |
#     Look into the finding, act, and archive it: aws guardduty archive-findings --detector-id ID --finding-ids ID
package policies.detection.findings_answered

import data.policies.lib.evidence

resources contains detector if some detector in evidence.of("derived.detector_findings")

deny contains evidence.finding_with(detector, "oldestDays", "high findings are open for long", {
	"observed": evidence.shown(detector, "oldest"),
	"expected": sprintf("%d days at most", [input.parameters.maxOpenDays]),
}) if {
	some detector in resources
	not evidence.at_most(detector, "oldestDays", input.parameters.maxOpenDays)
}
