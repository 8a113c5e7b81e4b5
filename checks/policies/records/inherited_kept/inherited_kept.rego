# METADATA
# title: Records are kept of inherited controls
# description: What the provider does for its customers is shown by its report and by who does what.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PHY-01, PHY-05]
#   reference: []
#   evidence: [derived.register.inherited]
#   method: examine
#   expected: at least one record
#   remediation: |
#     Write the records into records/inherited/ (mailward init makes the skeletons); mailward records check validates them.
package policies.records.inherited_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.inherited")

deny contains evidence.finding(register, "present", "there is no record of this kind") if {
	some register in resources
	not register.present
}
