# METADATA
# title: Records of synthetic data declaration are complete
# description: Somebody answers for it that test and development environments hold made-up data only. A record that leaves a question open proves nothing on it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-16]
#   reference: []
#   evidence: [derived.record.synthetic-data]
#   method: examine
#   expected: nothing left open, nothing that the rule forbids, and every document as it was hashed
#   remediation: |
#     Complete the record from its source; where it shows a fault, mend the fault itself and record that.
package policies.records.synthetic_data_complete

import data.policies.lib.evidence

resources contains row if some row in evidence.of("derived.record.synthetic-data")

deny contains evidence.finding(row, "open", "the record leaves questions open") if {
	some row in resources
	not _nothing(row, "open")
}

deny contains evidence.finding(row, "documents", "a document that the record names is not the one it was") if {
	some row in resources
	not _nothing(row, "documents")
}

_nothing(row, field) if count(row[field]) == 0
