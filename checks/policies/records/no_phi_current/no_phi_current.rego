# METADATA
# title: Records of No-PHI declarations are current
# description: A host without an agreement is in order only if somebody says why no PHI reaches it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [BAA-05]
#   reference: []
#   evidence: [derived.record.no-phi]
#   method: examine
#   expected: declared in the last 365 days
#   parameters:
#     windowDays: {default: 365, stricter: lower, description: Days after which a record counts as stale}
#   remediation: |
#     Renew the record.
package policies.records.no_phi_current

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.record.no-phi")
	row.latest
}

deny contains evidence.finding(row, "ageDays", "the record is older than its window") if {
	some row in resources
	not _fresh(row)
}

_fresh(row) if evidence.at_most(row, "ageDays", input.parameters.windowDays)
