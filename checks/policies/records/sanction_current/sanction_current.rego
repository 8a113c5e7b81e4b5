# METADATA
# title: The log of sanctions is up to date
# description: The log shows that the sanction policy is applied, or that there was nothing to apply it to.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-03]
#   reference: []
#   evidence: [derived.register.sanction]
#   method: examine
#   expected: complete up to 365 days ago
#   parameters:
#     windowDays: {default: 365, stricter: lower, description: Days after which the log counts as stale}
#   remediation: |
#     State in the log up to which day it is complete.
package policies.records.sanction_current

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.sanction")

deny contains evidence.finding(register, "ageDays", "the log is not confirmed up to date") if {
	some register in evidence.of("derived.register.sanction")
	not evidence.at_most(register, "ageDays", input.parameters.windowDays)
}
