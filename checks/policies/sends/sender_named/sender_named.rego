# METADATA
# title: No send comes from a party that the authorization does not name
# description: An authorization names who discloses and who receives, or a class of them. Whoever sends for the entity under an agreement in force on the day need not be named.
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
#     Write into the campaign's record who sends it and by which services; register the agreement with that party, or ask people to sign a form that names it.
package policies.sends.sender_named

import data.policies.lib.evidence
import data.policies.lib.sends

resources contains campaign if some campaign in sends.in_need

deny contains evidence.finding(
	campaign,
	"authorization.sender",
	"sends come from a party that the authorizations do not name and no agreement covers",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "authorization.sender", 0)
}

deny contains evidence.finding(
	campaign,
	"authorization.sender_open",
	"whether the authorizations name the sender is not on record",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "authorization.sender_open", 0)
}

deny contains finding if {
	some campaign in resources
	some finding in sends.gaps(campaign)
}
