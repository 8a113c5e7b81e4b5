# METADATA
# title: Records of access and log reviews are current
# description: Somebody other than the reviewer certifies who has access and what the logs show.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-04, ADM-06, ADM-07]
#   reference: []
#   evidence: [derived.record.review]
#   method: examine
#   expected: access reviewed in the last 90 days, logs in the last 30
#   parameters:
#     accessDays: {default: 90, stricter: lower, description: Days from one access review to the next}
#     logDays: {default: 30, stricter: lower, description: Days from one log review to the next}
#   remediation: |
#     Renew the record; where a date has passed, do what was due.
package policies.records.review_current

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.record.review")
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

_fresh(row) if evidence.at_most(row, "ageDays", _window(row))

_window(row) := input.parameters.accessDays if row.subject == "access"

_window(row) := input.parameters.logDays if row.subject == "activity_log"

_none_overdue(row) if count(row.overdue) == 0
