# METADATA
# title: Records are kept of synthetic data declaration
# description: Somebody answers for it that test and development environments hold made-up data only.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-16]
#   reference: []
#   evidence: [derived.register.synthetic-data]
#   method: examine
#   expected: at least one record
#   remediation: |
#     Write the records into records/ (mailward init makes the skeletons); mailward records check validates them.
package policies.records.synthetic_data_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.synthetic-data")

deny contains evidence.finding(register, "present", "there is no record of this kind") if {
	some register in resources
	not register.present
}
