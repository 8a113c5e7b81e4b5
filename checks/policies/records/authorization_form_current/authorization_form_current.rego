# METADATA
# title: Records of authorization forms are current
# description: The text that people sign is registered by version, so that each signature leads to what was signed.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [PRV-03, PRV-05, PRV-06, PRV-08]
#   reference: []
#   evidence: [derived.record.authorization-form]
#   method: examine
#   expected: a form is in use today
#   remediation: |
#     Renew the record; where a date has passed, do what was due.
package policies.records.authorization_form_current

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.record.authorization-form")
	row.latest
}

deny contains evidence.finding(row, "overdue", "a date has passed") if {
	some row in resources
	not _none_overdue(row)
}

_none_overdue(row) if count(row.overdue) == 0
