# METADATA
# title: Records are kept of campaign classifications
# description: "Each campaign is classified and signed before it is sent: what it is, who pays, whose data it uses and on which basis."
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [PRV-02, PRV-11, PRV-12, PRV-14, PRV-18, CSP-06, CSP-07]
#   reference: []
#   evidence: [derived.register.campaign]
#   method: examine
#   expected: at least one record
#   remediation: |
#     Write the records into records/campaigns/ (mailward init makes the skeletons); mailward records check validates them.
package policies.records.campaign_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.campaign")

deny contains evidence.finding(register, "present", "there is no record of this kind") if {
	some register in resources
	not register.present
}
