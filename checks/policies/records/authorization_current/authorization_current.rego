# METADATA
# title: Records of authorizations are current
# description: A record of each signed authorization shows the core elements, the statements and how long it holds.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [PRV-01, PRV-03, PRV-04, PRV-05, PRV-06, PRV-07, PRV-08, PRV-10, PRV-12]
#   reference: []
#   evidence: [derived.record.authorization]
#   method: examine
#   expected: an event that ends it was looked for in the last 30 days; none is listed as in force after its end
#   parameters:
#     windowDays: {default: 30, stricter: lower, description: Days after which a record counts as stale}
#   remediation: |
#     Renew the record; where a date has passed, do what was due.
package policies.records.authorization_current

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.record.authorization")
	row.latest
}

resources contains row if {
	some row in evidence.of("derived.record.authorization")
	not _none_overdue(row)
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
