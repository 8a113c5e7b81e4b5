# METADATA
# title: Known violations by a vendor are cured
# description: Who knows of a pattern that breaks the agreement has to see it cured or end the agreement.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [BAA-06]
#   reference: []
#   evidence: [derived.baa]
#   method: examine
#   expected: no known issue is open
#   remediation: |
#     Have the vendor cure the breach, or terminate the agreement, and record which of the two was done and when.
package policies.baa.issues_cured

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.baa")
	row.standing == "in_force"
}

deny contains evidence.finding(row, "issuesListed", "nobody says whether violations are known") if {
	some row in resources
	not row.issuesListed
}

deny contains evidence.finding(row, "openIssues", "a known violation is open") if {
	some row in resources
	not evidence.at_most(row, "openIssues", 0)
}
