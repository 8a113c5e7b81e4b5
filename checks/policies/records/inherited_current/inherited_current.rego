# METADATA
# title: Records of inherited controls are current
# description: What the provider does for its customers is shown by its report and by who does what.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PHY-01, PHY-05]
#   reference: []
#   evidence: [derived.record.inherited]
#   method: examine
#   expected: the period of the report ended at most twelve months ago
#   parameters:
#     windowDays: {default: 366, stricter: lower, description: Days after which a record counts as stale}
#   remediation: |
#     Renew the record.
package policies.records.inherited_current

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.record.inherited")
	row.latest
}

deny contains evidence.finding(row, "ageDays", "the record is older than its window") if {
	some row in resources
	not _fresh(row)
}

_fresh(row) if evidence.at_most(row, "ageDays", input.parameters.windowDays)
