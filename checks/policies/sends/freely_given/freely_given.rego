# METADATA
# title: No send rests on an authorization that was conditioned or combined with another document
# description: Care, payment, enrolment and eligibility must not depend on signing, and an authorization stands apart from other documents.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [PRV-07, PRV-08]
#   reference: [AUT-008, AUT-009]
#   evidence: [sends.campaign]
#   expected: authorizations that stand alone and condition nothing
#   citations: ["45 CFR 164.508(b)(2)(iv)", "45 CFR 164.508(b)(3)", "45 CFR 164.508(b)(4)"]
#   remediation: |
#     Such an authorization is not valid: leave the people out and ask them again on a form that stands alone.
package policies.sends.freely_given

import data.policies.lib.evidence
import data.policies.lib.sends

resources contains campaign if some campaign in sends.in_need

deny contains evidence.finding(
	campaign,
	"authorization.conditioned",
	"sends rest on authorizations that care was made to depend on",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "authorization.conditioned", 0)
}

deny contains evidence.finding(
	campaign,
	"authorization.compound",
	"sends rest on authorizations that are combined with what may not be combined",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "authorization.compound", 0)
}

deny contains finding if {
	some campaign in resources
	some finding in sends.gaps(campaign)
}
