# METADATA
# title: Records of campaign classifications are current
# description: "Each campaign is classified and signed before it is sent: what it is, who pays, whose data it uses and on which basis."
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [PRV-02, PRV-11, PRV-12, PRV-14, PRV-18, CSP-06, CSP-07]
#   reference: []
#   evidence: [derived.record.campaign]
#   method: examine
#   expected: signed in the last 365 days, or before its last send
#   parameters:
#     windowDays: {default: 365, stricter: lower, description: Days after which a record counts as stale}
#   remediation: |
#     Renew the record.
package policies.records.campaign_current

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.record.campaign")
	row.latest
}

deny contains evidence.finding(row, "ageDays", "the record is older than its window") if {
	some row in resources
	not _fresh(row)
}

_fresh(row) if evidence.at_most(row, "ageDays", input.parameters.windowDays)
