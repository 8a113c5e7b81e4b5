# METADATA
# title: Records of facility, workstation and media declarations are complete
# description: How rooms, workstations and media are kept is declared by somebody who answers for it. A record that leaves a question open proves nothing on it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PHY-01, PHY-02, PHY-03, PHY-04, PHY-05]
#   reference: []
#   evidence: [derived.record.facility]
#   method: examine
#   expected: nothing left open, nothing that the rule forbids, and every document as it was hashed
#   remediation: |
#     Complete the record from its source; where it shows a fault, mend the fault itself and record that.
package policies.records.facility_complete

import data.policies.lib.evidence

resources contains row if some row in evidence.of("derived.record.facility")

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
