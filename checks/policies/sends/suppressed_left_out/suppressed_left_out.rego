# METADATA
# title: No campaign goes to an address that bounced or complained
# description: A bounce or complaint on file keeps the address out of every later send; who complained did not want the mail, and a dead address may be somebody else's tomorrow.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [CSP-04]
#   reference: [SUP-001]
#   evidence: [sends.campaign]
#   expected: no send after a bounce or complaint that is still in effect
#   citations: ["15 USC 7704(a)(4)(A)(i)-(iv)"]
#   remediation: |
#     Switch on account-level suppression for bounces and complaints, and load those on file into it.
package policies.sends.suppressed_left_out

import data.policies.lib.evidence
import data.policies.lib.sends

resources contains campaign if some campaign in evidence.of("sends.campaign")

deny contains evidence.finding(
	campaign,
	"flags.suppressed",
	"sends went to addresses that had bounced or complained",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "flags.suppressed", 0)
}

deny contains finding if {
	some campaign in resources
	some finding in sends.unseen(campaign)
}
