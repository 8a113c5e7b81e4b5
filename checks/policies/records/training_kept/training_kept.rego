# METADATA
# title: Records are kept of training
# description: Everyone on the roster is trained on mail, marketing, authorization and incident reporting.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-08]
#   reference: []
#   evidence: [derived.register.training]
#   method: examine
#   expected: at least one record
#   remediation: |
#     Write the records into records/training/ (mailward init makes the skeletons); mailward records check validates them.
package policies.records.training_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.training")

deny contains evidence.finding(register, "present", "there is no record of this kind") if {
	some register in resources
	not register.present
}
