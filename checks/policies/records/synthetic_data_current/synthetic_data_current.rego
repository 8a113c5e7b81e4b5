# METADATA
# title: Records of synthetic data declaration are current
# description: Somebody answers for it that test and development environments hold made-up data only.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-16]
#   reference: []
#   evidence: [derived.record.synthetic-data]
#   method: examine
#   expected: declared in the last 365 days
#   parameters:
#     windowDays: {default: 365, stricter: lower, description: Days after which a record counts as stale}
#   remediation: |
#     Renew the record.
package policies.records.synthetic_data_current

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.record.synthetic-data")
	row.latest
}

deny contains evidence.finding(row, "ageDays", "the record is older than its window") if {
	some row in resources
	not _fresh(row)
}

_fresh(row) if evidence.at_most(row, "ageDays", input.parameters.windowDays)
