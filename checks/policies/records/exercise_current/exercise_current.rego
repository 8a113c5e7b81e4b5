# METADATA
# title: Records of exercises and tests are current
# description: Restore tests, contingency and incident exercises, evaluations and tests of emergency access show that plans work.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-10, ADM-11, ADM-12, ADM-13, TEC-02]
#   reference: []
#   evidence: [derived.record.exercise]
#   method: examine
#   expected: each kind performed in the last 365 days
#   parameters:
#     windowDays: {default: 365, stricter: lower, description: Days after which a record counts as stale}
#   remediation: |
#     Renew the record; where a date has passed, do what was due.
package policies.records.exercise_current

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.record.exercise")
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
