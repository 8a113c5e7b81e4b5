# METADATA
# title: Records are kept of authorizations
# description: A record of each signed authorization shows the core elements, the statements and how long it holds.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [PRV-01, PRV-03, PRV-04, PRV-05, PRV-06, PRV-07, PRV-08, PRV-10, PRV-12]
#   reference: []
#   evidence: [derived.register.authorization]
#   method: examine
#   expected: at least one record
#   remediation: |
#     Write the records into records/authorizations/ (mailward init makes the skeletons); mailward records check validates them.
package policies.records.authorization_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.authorization")

deny contains evidence.finding(register, "present", "there is no record of this kind") if {
	some register in resources
	not register.present
}
