# METADATA
# title: Records of disclosures are complete
# description: The log holds each disclosure that a person may ask an account of, for six years. A record that leaves a question open proves nothing on it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PRV-17]
#   reference: []
#   evidence: [derived.record.disclosure]
#   method: examine
#   expected: nothing left open, nothing that the rule forbids, and every document as it was hashed
#   remediation: |
#     Complete the record from its source; where it shows a fault, mend the fault itself and record that.
package policies.records.disclosure_complete

import data.policies.lib.evidence

resources contains row if some row in evidence.of("derived.record.disclosure")

deny contains evidence.finding(row, "open", "the record leaves questions open") if {
	some row in resources
	not _nothing(row, "open")
}

deny contains evidence.finding(row, "documents", "a document that the record names is not the one it was") if {
	some row in resources
	not _nothing(row, "documents")
}

_nothing(row, field) if count(row[field]) == 0
