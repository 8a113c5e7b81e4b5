# METADATA
# title: Records are kept of sanctions
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
#   expected: at least one record, or a statement of the period in which there was nothing
#   remediation: |
#     Write the records into records/sanctions/ (mailward init makes the skeletons); mailward records check validates them. An empty log is stated by its statement field.
package policies.records.sanction_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.sanction")

deny contains evidence.finding(register, "present", "there is no record of this kind") if {
	some register in resources
	not register.present
}
