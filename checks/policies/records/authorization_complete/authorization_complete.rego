# METADATA
# title: Records of authorizations are complete
# description: A record of each signed authorization shows the core elements, the statements and how long it holds. A record that leaves a question open proves nothing on it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [PRV-01, PRV-03, PRV-04, PRV-05, PRV-06, PRV-07, PRV-08, PRV-10, PRV-12]
#   reference: [AUT-002, AUT-010, AUT-011, AUT-012, AUT-013]
#   evidence: [derived.record.authorization]
#   method: examine
#   expected: nothing left open, nothing that the rule forbids, and every document as it was hashed
#   remediation: |
#     Complete the record from its source; where it shows a fault, mend the fault itself and record that.
package policies.records.authorization_complete

import data.policies.lib.evidence

resources contains row if some row in evidence.of("derived.record.authorization")

deny contains evidence.finding(row, "lacks", "the record shows that something is not as it has to be") if {
	some row in resources
	not _nothing(row, "lacks")
}

deny contains evidence.finding(row, "open", "the record leaves questions open") if {
	some row in resources
	not _nothing(row, "open")
}

deny contains evidence.finding(row, "documents", "a document that the record names is not the one it was") if {
	some row in resources
	not _nothing(row, "documents")
}

_nothing(row, field) if count(row[field]) == 0
