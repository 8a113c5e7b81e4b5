# METADATA
# title: Records are kept of authorization forms
# description: The text that people sign is registered by version, so that each signature leads to what was signed.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [PRV-03, PRV-05, PRV-06, PRV-08]
#   reference: []
#   evidence: [derived.register.authorization-form]
#   method: examine
#   expected: at least one record
#   remediation: |
#     Write the records into records/authorizations/ (mailward init makes the skeletons); mailward records check validates them.
package policies.records.authorization_form_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.authorization-form")

deny contains evidence.finding(register, "present", "there is no record of this kind") if {
	some register in resources
	not register.present
}
