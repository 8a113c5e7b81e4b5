# METADATA
# title: The log of incidents is up to date
# description: Every incident is logged, and each impermissible use or disclosure is presumed a breach until a low probability is shown by four factors.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-10, ADM-15, PRV-17, BRN-01, BRN-02, BRN-03, BRN-04, BRN-05, BRN-06, BRN-07]
#   reference: []
#   evidence: [derived.register.incident, derived.record.incident]
#   method: examine
#   expected: complete up to 31 days ago; notices sent within their limits
#   parameters:
#     windowDays: {default: 31, stricter: lower, description: Days after which the log counts as stale}
#   remediation: |
#     State in the log up to which day it is complete; where a date has passed, do what was due.
package policies.records.incident_current

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.incident")

deny contains evidence.finding(register, "ageDays", "the log is not confirmed up to date") if {
	some register in evidence.of("derived.register.incident")
	not evidence.at_most(register, "ageDays", input.parameters.windowDays)
}

resources contains row if some row in evidence.of("derived.record.incident")

deny contains evidence.finding(row, "overdue", "a date has passed") if {
	some row in evidence.of("derived.record.incident")
	not _none_overdue(row)
}

_none_overdue(row) if count(row.overdue) == 0
