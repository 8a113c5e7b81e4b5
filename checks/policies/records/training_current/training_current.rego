# METADATA
# title: Records of training are current
# description: Everyone on the roster is trained on mail, marketing, authorization and incident reporting.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-08]
#   reference: []
#   evidence: [derived.record.training]
#   method: examine
#   expected: trained in the last 365 days, and within 30 days of first access
#   parameters:
#     windowDays: {default: 365, stricter: lower, description: Days after which a record counts as stale}
#   remediation: |
#     Renew the record; where a date has passed, do what was due.
package policies.records.training_current

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.record.training")
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

_fresh(row) if not row.ages

_none_overdue(row) if count(row.overdue) == 0
