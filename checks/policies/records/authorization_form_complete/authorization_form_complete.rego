# METADATA
# title: Records of authorization forms are complete
# description: The text that people sign is registered by version, so that each signature leads to what was signed. A record that leaves a question open proves nothing on it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [PRV-03, PRV-05, PRV-06, PRV-08]
#   reference: []
#   evidence: [derived.record.authorization-form]
#   method: examine
#   expected: nothing left open, nothing that the rule forbids, and every document as it was hashed
#   remediation: |
#     Complete the record from its source; where it shows a fault, mend the fault itself and record that.
package policies.records.authorization_form_complete

import data.policies.lib.evidence

resources contains row if some row in evidence.of("derived.record.authorization-form")

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
