# METADATA
# title: Records are kept of de-identification
# description: An export leaves the entity without authorization only if somebody showed how it was de-identified.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PRV-13]
#   reference: []
#   evidence: [derived.register.de-identification]
#   method: examine
#   expected: at least one record
#   remediation: |
#     Write the records into records/de-identification/ (mailward init makes the skeletons); mailward records check validates them.
package policies.records.de_identification_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.de-identification")

deny contains evidence.finding(register, "present", "there is no record of this kind") if {
	some register in resources
	not register.present
}
