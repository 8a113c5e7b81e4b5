# METADATA
# title: No send follows the revocation of its authorization
# description: A written revocation holds from its receipt, but for action already taken in reliance.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [PRV-07, PRV-09]
#   reference: [AUT-005]
#   evidence: [sends.campaign]
#   expected: no send at or after a revocation
#   citations: ["45 CFR 164.508(b)(5)"]
#   remediation: |
#     Suppress on receipt of a revocation, before the next send. Where the entity had already acted in reliance, name the campaign in relianceNote.
package policies.sends.not_revoked

import data.policies.lib.evidence
import data.policies.lib.sends

resources contains campaign if some campaign in sends.in_need

deny contains evidence.finding(
	campaign,
	"authorization.revoked",
	"sends went to people who had revoked their authorization",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "authorization.revoked", 0)
}

deny contains evidence.finding(
	campaign,
	"authorization.relied",
	"whether the entity had acted in reliance is for a person to judge",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "authorization.relied", 0)
}

deny contains finding if {
	some campaign in resources
	some finding in sends.gaps(campaign)
}
