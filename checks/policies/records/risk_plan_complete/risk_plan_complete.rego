# METADATA
# title: Records of risk management plan are complete
# description: For each risk that the analysis found somebody decided what is done, until when and what remains. A record that leaves a question open proves nothing on it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-02]
#   reference: []
#   evidence: [derived.record.risk-plan]
#   method: examine
#   expected: nothing left open, nothing that the rule forbids, and every document as it was hashed
#   remediation: |
#     Complete the record from its source; where it shows a fault, mend the fault itself and record that.
package policies.records.risk_plan_complete

import data.policies.lib.evidence

resources contains row if some row in evidence.of("derived.record.risk-plan")

deny contains evidence.finding(row, "open", "the record leaves questions open") if {
	some row in resources
	not _nothing(row, "open")
}

deny contains evidence.finding(row, "documents", "a document that the record names is not the one it was") if {
	some row in resources
	not _nothing(row, "documents")
}

_nothing(row, field) if count(row[field]) == 0
