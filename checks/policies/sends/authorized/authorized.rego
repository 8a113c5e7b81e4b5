# METADATA
# title: Every recipient of a campaign that needs one had signed an authorization that is whole
# description: Marketing by mail goes to those alone who signed for it. What is counted is each recipient on each day of sending, over the whole export, never a list once for all.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [PRV-01, PRV-04, PRV-05, PRV-07]
#   reference: [AUT-001, AUT-002]
#   evidence: [sends.campaign]
#   expected: no send without an authorization that has every core element and statement on the day of the send
#   citations: ["45 CFR 164.508(c)(1)(i)-(vi)", "45 CFR 164.508(c)(2)(i)-(iii)"]
#   remediation: |
#     Leave the people out whom no authorization covers, and ask them to sign before the next send. The bundle names pseudonyms to examine.
package policies.sends.authorized

import data.policies.lib.evidence
import data.policies.lib.sends

resources contains campaign if some campaign in sends.in_need

deny contains evidence.finding(
	campaign,
	"authorization.no_record",
	"sends went to people who had signed no authorization",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "authorization.no_record", 0)
}

deny contains evidence.finding(
	campaign,
	"authorization.missing",
	"sends rest on authorizations that lack an element or a statement",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "authorization.missing", 0)
}

deny contains finding if {
	some campaign in resources
	some finding in sends.gaps(campaign)
}
