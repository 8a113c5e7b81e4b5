# METADATA
# title: Each send lies within the scope of its authorization
# description: The channels, campaigns and topics that a person signed for are the limit of what may be sent.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [PRV-01, PRV-04, PRV-07]
#   reference: [AUT-006]
#   evidence: [sends.campaign]
#   expected: channel, campaign and topics of each send among those of the scope
#   citations: ["45 CFR 164.508(c)(1)(iv)"]
#   remediation: |
#     Send within the scope only, or ask for a new authorization. Campaigns name their topics in the words of the scopes.
package policies.sends.in_scope

import data.policies.lib.evidence
import data.policies.lib.sends

resources contains campaign if some campaign in sends.in_need

deny contains evidence.finding(
	campaign,
	"authorization.out_of_scope",
	"sends lie outside the channels, campaigns or topics of the authorization",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "authorization.out_of_scope", 0)
}

deny contains finding if {
	some campaign in resources
	some finding in sends.gaps(campaign)
}
