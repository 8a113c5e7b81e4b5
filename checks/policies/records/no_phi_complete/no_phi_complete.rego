# METADATA
# title: Records of No-PHI declarations are complete
# description: A host without an agreement is in order only if somebody says why no PHI reaches it. A record that leaves a question open proves nothing on it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [BAA-05]
#   reference: []
#   evidence: [derived.record.no-phi]
#   method: examine
#   expected: nothing left open, nothing that the rule forbids, and every document as it was hashed
#   remediation: |
#     Complete the record from its source; where it shows a fault, mend the fault itself and record that.
package policies.records.no_phi_complete

import data.policies.lib.evidence

resources contains row if some row in evidence.of("derived.record.no-phi")

deny contains evidence.finding(row, "open", "the record leaves questions open") if {
	some row in resources
	not _nothing(row, "open")
}

deny contains evidence.finding(row, "documents", "a document that the record names is not the one it was") if {
	some row in resources
	not _nothing(row, "documents")
}

_nothing(row, field) if count(row[field]) == 0
