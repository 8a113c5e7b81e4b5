# METADATA
# title: The log of disclosures is up to date
# description: The log holds each disclosure that a person may ask an account of, for six years.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PRV-17]
#   reference: []
#   evidence: [derived.register.disclosure]
#   method: examine
#   expected: complete up to 31 days ago
#   parameters:
#     windowDays: {default: 31, stricter: lower, description: Days after which the log counts as stale}
#   remediation: |
#     State in the log up to which day it is complete.
package policies.records.disclosure_current

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.disclosure")

deny contains evidence.finding(register, "ageDays", "the log is not confirmed up to date") if {
	some register in evidence.of("derived.register.disclosure")
	not evidence.at_most(register, "ageDays", input.parameters.windowDays)
}
