# METADATA
# title: The safeguards of each vendor were verified lately
# description: An agreement promises safeguards; a look at them every year shows that they are there. The rule in force asks for satisfactory assurances and names no interval, the proposed one does.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [BAA-01, NPR-10]
#   reference: []
#   evidence: [derived.baa]
#   method: examine
#   expected: verified in the last 365 days
#   parameters:
#     windowDays: {default: 365, stricter: lower, description: Days after which a verification counts as stale}
#   remediation: |
#     Ask the vendor for a written verification of its safeguards, review it, and record the day, the analyst and the evidence.
package policies.baa.verified

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.baa")
	row.standing == "in_force"
}

deny contains evidence.finding(row, "verifiedDays", "the safeguards were not verified in the window") if {
	some row in resources
	not evidence.at_most(row, "verifiedDays", input.parameters.windowDays)
}
