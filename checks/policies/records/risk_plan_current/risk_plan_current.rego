# METADATA
# title: Records of risk management plan are current
# description: For each risk that the analysis found somebody decided what is done, until when and what remains.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-02]
#   reference: []
#   evidence: [derived.record.risk-plan]
#   method: examine
#   expected: reviewed in the last 365 days; no measure past its date
#   parameters:
#     windowDays: {default: 365, stricter: lower, description: Days after which a record counts as stale}
#   remediation: |
#     Renew the record; where a date has passed, do what was due.
package policies.records.risk_plan_current

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.record.risk-plan")
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
