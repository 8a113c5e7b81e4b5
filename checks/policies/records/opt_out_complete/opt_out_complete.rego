# METADATA
# title: Records of opt-outs and revocations are complete
# description: Opt-outs, revocations and requests on channel are logged as they come in, so that the next send can leave those people out. A record that leaves a question open proves nothing on it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [PRV-09, PRV-14, PRV-16, CSP-04]
#   reference: []
#   evidence: [derived.record.opt-out]
#   method: examine
#   expected: nothing left open, nothing that the rule forbids, and every document as it was hashed
#   remediation: |
#     Complete the record from its source; where it shows a fault, mend the fault itself and record that.
package policies.records.opt_out_complete

import data.policies.lib.evidence

resources contains row if some row in evidence.of("derived.record.opt-out")

deny contains evidence.finding(row, "open", "the record leaves questions open") if {
	some row in resources
	not _nothing(row, "open")
}

deny contains evidence.finding(row, "documents", "a document that the record names is not the one it was") if {
	some row in resources
	not _nothing(row, "documents")
}

_nothing(row, field) if count(row[field]) == 0
