# METADATA
# title: Records of de-identification are current
# description: An export leaves the entity without authorization only if somebody showed how it was de-identified.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PRV-13]
#   reference: []
#   evidence: [derived.record.de-identification]
#   method: examine
#   expected: performed in the last 365 days
#   parameters:
#     windowDays: {default: 365, stricter: lower, description: Days after which a record counts as stale}
#   remediation: |
#     Renew the record; where a date has passed, do what was due.
package policies.records.de_identification_current

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.record.de-identification")
	row.latest
}

deny contains evidence.finding(row, "overdue", "a date has passed") if {
	some row in resources
	not _none_overdue(row)
}

deny contains evidence.finding(row, "ageDays", "the record is older than its window") if {
	some row in resources
	not _fresh(row)
}

_fresh(row) if evidence.at_most(row, "ageDays", input.parameters.windowDays)

_none_overdue(row) if count(row.overdue) == 0
