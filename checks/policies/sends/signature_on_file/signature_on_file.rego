# METADATA
# title: No send rests on a signature whose document is not on file
# description: A large log may state who signed and leave the signed document out. Without its hash nobody can show what was signed.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [PRV-04, PRV-10]
#   reference: [AUT-013]
#   evidence: [sends.campaign]
#   expected: the hash of the signed document beside each signature that a send rests on
#   citations: ["45 CFR 164.508(b)(6)", "45 CFR 164.508(c)(1)(vi)", "45 CFR 164.530(j)"]
#   remediation: |
#     Add the column evidenceSha256 to the table of authorizations, from the system that keeps the signed documents.
package policies.sends.signature_on_file

import data.policies.lib.evidence
import data.policies.lib.sends

resources contains campaign if some campaign in sends.in_need

deny contains evidence.finding(
	campaign,
	"authorization.unproven",
	"sends rest on signatures whose documents are not on file",
) if {
	some campaign in resources
	not evidence.at_most(campaign, "authorization.unproven", 0)
}

deny contains finding if {
	some campaign in resources
	some finding in sends.gaps(campaign)
}
