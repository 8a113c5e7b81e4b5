# METADATA
# title: Records of policies and notices are complete
# description: Policies are written, approved, handed out and reviewed; among them those on mail, sanctions, incidents, contingency, complaints, workstations and media, and the notice of privacy practices. A record that leaves a question open proves nothing on it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-14, ADM-03, ADM-10, ADM-15, PRV-01, PRV-08, PRV-15, PHY-02]
#   reference: []
#   evidence: [derived.record.policy]
#   method: examine
#   expected: nothing left open, nothing that the rule forbids, and every document as it was hashed
#   remediation: |
#     Complete the record from its source; where it shows a fault, mend the fault itself and record that.
package policies.records.policy_complete

import data.policies.lib.evidence

resources contains row if some row in evidence.of("derived.record.policy")

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
