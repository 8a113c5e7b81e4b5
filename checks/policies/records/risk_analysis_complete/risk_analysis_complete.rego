# METADATA
# title: Records of risk analysis are complete
# description: An accurate and thorough analysis of the risks to the ePHI of the mail system comes before every safeguard. A record that leaves a question open proves nothing on it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [ADM-01, ADM-12, TEC-17]
#   reference: []
#   evidence: [derived.record.risk-analysis]
#   method: examine
#   expected: nothing left open, nothing that the rule forbids, and every document as it was hashed
#   remediation: |
#     Complete the record from its source; where it shows a fault, mend the fault itself and record that.
package policies.records.risk_analysis_complete

import data.policies.lib.evidence

resources contains row if some row in evidence.of("derived.record.risk-analysis")

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
