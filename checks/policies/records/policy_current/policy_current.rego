# METADATA
# title: Records of policies and notices are current
# description: Policies are written, approved, handed out and reviewed; among them those on mail, sanctions, incidents, contingency, complaints, workstations and media, and the notice of privacy practices.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-14, ADM-03, ADM-10, ADM-15, PRV-01, PRV-08, PRV-15, PHY-02]
#   reference: []
#   evidence: [derived.record.policy]
#   method: examine
#   expected: reviewed in the last 365 days
#   parameters:
#     windowDays: {default: 365, stricter: lower, description: Days after which a record counts as stale}
#   remediation: |
#     Renew the record; where a date has passed, do what was due.
package policies.records.policy_current

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.record.policy")
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
