# METADATA
# title: No send comes from a party, or gives data to a sponsor, that the authorization does not name
# description: An authorization names who discloses and who receives, or a class of them. That holds for who sends and for a sponsor that receives data. Whoever acts for the entity under an agreement in force on the day need not be named.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [BAA-01, PRV-04]
#   reference: [AUT-014]
#   evidence: [sends.campaign]
#   expected: senders that each authorization names, or that act under a business associate agreement
#   citations: ["45 CFR 164.508(c)(1)(ii)", "45 CFR 164.508(c)(1)(iii)", "45 CFR 164.502(e)(1)"]
#   remediation: |
#     Write into the campaign's record who sends it, by which services, and whether a sponsor receives data; register the agreement with that party, or ask people to sign a form that names it.
package policies.sends.sender_named

import data.policies.lib.evidence
import data.policies.lib.sends

resources contains campaign if some campaign in sends.in_need

deny contains evidence.finding(
	campaign,
	"authorization.sender",
	"who sends, or a sponsor that receives data, is neither named by the authorizations nor under an agreement",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "authorization.sender", 0)
}

deny contains evidence.finding(
	campaign,
	"authorization.sender_open",
	"whether the authorizations name who sends, and a sponsor that receives data, is not on record",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "authorization.sender_open", 0)
}

deny contains finding if {
	some campaign in resources
	some finding in sends.gaps(campaign)
}
