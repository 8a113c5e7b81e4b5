# METADATA
# title: Sponsored campaigns go to those alone whose authorization says that somebody pays
# description: Where a third party pays for the marketing the authorization has to state it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [PRV-03]
#   reference: [AUT-007]
#   evidence: [sends.campaign]
#   expected: remuneration stated in every authorization that a sponsored campaign rests on
#   citations: ["45 CFR 164.508(a)(3)(ii)"]
#   remediation: |
#     Leave those people out, or have them sign a form that states the remuneration.
package policies.sends.remuneration_stated

import data.policies.lib.evidence
import data.policies.lib.sends

resources contains campaign if some campaign in sends.in_need

deny contains evidence.finding(
	campaign,
	"authorization.remuneration",
	"a sponsored campaign went to people whose authorization does not say that somebody pays",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "authorization.remuneration", 0)
}

deny contains finding if {
	some campaign in resources
	some finding in sends.gaps(campaign)
}
