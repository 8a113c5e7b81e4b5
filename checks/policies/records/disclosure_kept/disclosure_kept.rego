# METADATA
# title: Records are kept of disclosures
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
#   expected: at least one record, or a statement of the period in which there was nothing
#   remediation: |
#     Write the records into records/disclosures/ (mailward init makes the skeletons); mailward records check validates them. An empty log is stated by its statement field.
package policies.records.disclosure_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.disclosure")

deny contains evidence.finding(register, "present", "there is no record of this kind") if {
	some register in resources
	not register.present
}
