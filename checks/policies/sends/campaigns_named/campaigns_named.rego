# METADATA
# title: Every send names a campaign that is on record
# description: A send that names no campaign, or one without a record, cannot be reconciled with authorizations and opt-outs.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PRV-02, CSP-06]
#   reference: [CLS-001]
#   evidence: [sends.export]
#   expected: the tag campaign on every send, with the id of a campaign record
#   remediation: |
#     Tag every send with campaign (an opaque id) and subjectRef, care mail too, and keep a campaign record for each id.
package policies.sends.campaigns_named

import data.policies.lib.evidence

resources contains file if some file in evidence.of("sends.export")

deny contains evidence.finding(file, "unknownCampaign", "sends name a campaign that has no record") if {
	some file in resources
	not evidence.at_most(file, "unknownCampaign", 0)
}

deny contains evidence.finding_with(file, "withoutCampaign", "sends name no campaign", {"severity": "low"}) if {
	some file in resources
	not evidence.at_most(file, "withoutCampaign", 0)
}
