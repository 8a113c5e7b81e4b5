# METADATA
# title: Records of facility, workstation and media declarations are current
# description: How rooms, workstations and media are kept is declared by somebody who answers for it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PHY-01, PHY-02, PHY-03, PHY-04, PHY-05]
#   reference: []
#   evidence: [derived.record.facility]
#   method: examine
#   expected: declared in the last 365 days
#   parameters:
#     windowDays: {default: 365, stricter: lower, description: Days after which a record counts as stale}
#   remediation: |
#     Renew the record.
package policies.records.facility_current

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.record.facility")
	row.latest
}

deny contains evidence.finding(row, "ageDays", "the record is older than its window") if {
	some row in resources
	not _fresh(row)
}

_fresh(row) if evidence.at_most(row, "ageDays", input.parameters.windowDays)
