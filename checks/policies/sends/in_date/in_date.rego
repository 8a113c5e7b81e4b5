# METADATA
# title: No send rests on an authorization that had expired
# description: An authorization ends on its date, or with its event. Who relies on an event has to look whether it has occurred; what nobody looked at within 30 days before the send counts as not valid.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [PRV-07]
#   reference: [AUT-003, AUT-004]
#   evidence: [sends.campaign]
#   expected: every authorization in force on the day of the send, in the time zone of the entity
#   citations: ["45 CFR 164.508(b)(2)(i)", "45 CFR 164.508(c)(1)(v)"]
#   remediation: |
#     Leave out who has an expired authorization, and record before each send up to which day the events that end authorizations have not occurred.
package policies.sends.in_date

import data.policies.lib.evidence
import data.policies.lib.sends

resources contains campaign if some campaign in sends.in_need

deny contains evidence.finding(
	campaign,
	"authorization.expired",
	"sends went out after the authorization had expired",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "authorization.expired", 0)
}

deny contains evidence.finding(
	campaign,
	"authorization.unresolved",
	"sends rest on an event that nobody had looked at within 30 days before",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "authorization.unresolved", 0)
}

deny contains finding if {
	some campaign in resources
	some finding in sends.gaps(campaign)
}
