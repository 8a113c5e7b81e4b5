# METADATA
# title: Records of exercises and tests are complete
# description: Restore tests, contingency and incident exercises, evaluations and tests of emergency access show that plans work. A record that leaves a question open proves nothing on it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-10, ADM-11, ADM-12, ADM-13, TEC-02]
#   reference: []
#   evidence: [derived.record.exercise]
#   method: examine
#   expected: nothing left open, nothing that the rule forbids, and every document as it was hashed
#   remediation: |
#     Complete the record from its source; where it shows a fault, mend the fault itself and record that.
package policies.records.exercise_complete

import data.policies.lib.evidence

resources contains row if some row in evidence.of("derived.record.exercise")

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
