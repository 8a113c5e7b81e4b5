# METADATA
# title: Each agreement sets a breach notice of at most 60 days
# description: A business associate must tell the covered entity without unreasonable delay, at most 60 days after discovery.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [BRN-05]
#   reference: [ABA-02]
#   evidence: [derived.baa]
#   method: examine
#   expected: breachNoticeDays of at most 60
#   citations: ["45 CFR 164.410(b)"]
#   remediation: |
#     Record breachNoticeDays from the agreement; where it sets none, ask for an amendment.
package policies.baa.breach_notice

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.baa")
	row.standing == "in_force"
}

deny contains evidence.finding(row, "breachNoticeDays", "the notice period is not on record or too long") if {
	some row in resources
	not _short(row)
}

_short(row) if evidence.at_most(row, "breachNoticeDays", 60)
