# METADATA
# title: The log of opt-outs and revocations is up to date
# description: Opt-outs, revocations and requests on channel are logged as they come in, so that the next send can leave those people out.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [PRV-09, PRV-14, PRV-16, CSP-04]
#   reference: []
#   evidence: [derived.register.opt-out, derived.record.opt-out]
#   method: examine
#   expected: complete up to two days ago; each opt-out applied within ten business days
#   parameters:
#     windowDays: {default: 2, stricter: lower, description: Days after which the log counts as stale}
#   remediation: |
#     State in the log up to which day it is complete; where a date has passed, do what was due.
package policies.records.opt_out_current

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.opt-out")

deny contains evidence.finding(register, "ageDays", "the log is not confirmed up to date") if {
	some register in evidence.of("derived.register.opt-out")
	not evidence.at_most(register, "ageDays", input.parameters.windowDays)
}

resources contains row if some row in evidence.of("derived.record.opt-out")

deny contains evidence.finding(row, "overdue", "a date has passed") if {
	some row in evidence.of("derived.record.opt-out")
	not _none_overdue(row)
}

_none_overdue(row) if count(row.overdue) == 0
