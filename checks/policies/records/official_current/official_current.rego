# METADATA
# title: Records of designated officials are current
# description: The security official, the privacy official and the contact person are named in writing.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-05]
#   reference: []
#   evidence: [derived.record.official]
#   method: examine
#   expected: confirmed in the last 365 days
#   parameters:
#     windowDays: {default: 365, stricter: lower, description: Days after which a record counts as stale}
#   remediation: |
#     Renew the record.
package policies.records.official_current

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.record.official")
	row.latest
}

deny contains evidence.finding(row, "ageDays", "the record is older than its window") if {
	some row in resources
	not _fresh(row)
}

_fresh(row) if evidence.at_most(row, "ageDays", input.parameters.windowDays)
