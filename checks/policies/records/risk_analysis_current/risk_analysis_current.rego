# METADATA
# title: Records of risk analysis are current
# description: An accurate and thorough analysis of the risks to the ePHI of the mail system comes before every safeguard.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [ADM-01, ADM-12, TEC-17]
#   reference: []
#   evidence: [derived.record.risk-analysis]
#   method: examine
#   expected: performed in the last 365 days
#   parameters:
#     windowDays: {default: 365, stricter: lower, description: Days after which a record counts as stale}
#   remediation: |
#     Renew the record; where a date has passed, do what was due.
package policies.records.risk_analysis_current

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.record.risk-analysis")
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
