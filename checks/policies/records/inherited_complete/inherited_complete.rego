# METADATA
# title: Records of inherited controls are complete
# description: What the provider does for its customers is shown by its report and by who does what. A record that leaves a question open proves nothing on it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PHY-01, PHY-05]
#   reference: []
#   evidence: [derived.record.inherited]
#   method: examine
#   expected: nothing left open, nothing that the rule forbids, and every document as it was hashed
#   remediation: |
#     Complete the record from its source; where it shows a fault, mend the fault itself and record that.
package policies.records.inherited_complete

import data.policies.lib.evidence

resources contains row if some row in evidence.of("derived.record.inherited")

deny contains evidence.finding(row, "open", "the record leaves questions open") if {
	some row in resources
	not _nothing(row, "open")
}

deny contains evidence.finding(row, "documents", "a document that the record names is not the one it was") if {
	some row in resources
	not _nothing(row, "documents")
}

_nothing(row, field) if count(row[field]) == 0
