# METADATA
# title: Nobody is sent commercial mail after opting out
# description: An opt-out is applied within ten business days, federal holidays left out; Gmail and Yahoo ask bulk senders for two days, which is told as a lesser finding.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CSP-04, PRV-14]
#   reference: [SUP-001]
#   evidence: [sends.campaign]
#   expected: no commercial or fundraising send more than ten business days, and none more than two days, after an opt-out
#   citations: ["15 USC 7704(a)(4)(A)(i)", "16 CFR 316", "45 CFR 164.514(f)(2)(iv)", "5 USC 6103"]
#   remediation: |
#     Apply opt-outs to every list as they come in; account-level suppression or a list that the sender reads before each send does so at once.
package policies.sends.opt_outs_honoured

import data.policies.lib.evidence
import data.policies.lib.sends

resources contains campaign if {
	some campaign in evidence.of("sends.campaign")
	_stoppable(campaign)
}

_stoppable(campaign) if campaign.commercial

_stoppable(campaign) if campaign.class == "fundraising"

deny contains evidence.finding(
	campaign,
	"flags.opt_out_unlawful",
	"sends went out more than ten business days after an opt-out",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "flags.opt_out_unlawful", 0)
}

deny contains evidence.finding_with(
	campaign,
	"flags.opt_out_late",
	"sends went out more than two days after an opt-out",
	{"severity": "low"},
) if {
	some campaign in resources
	not evidence.at_most(campaign, "flags.opt_out_late", 0)
}

deny contains finding if {
	some campaign in resources
	some finding in sends.unseen(campaign)
}
