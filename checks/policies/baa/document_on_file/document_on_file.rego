# METADATA
# title: Every agreement is shown by a document that is on file and unchanged
# description: A row without its paper is a claim; a hash that differs means that the paper was exchanged.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [BAA-01]
#   reference: [ABA-02]
#   evidence: [derived.baa]
#   method: examine
#   expected: a document or evidence with a hash that its file has
#   remediation: |
#     Put the signed agreement at the path that the row names, or give its uri, and record its SHA-256 (sha256sum FILE).
package policies.baa.document_on_file

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.baa")
	row.status == "executed"
}

deny contains evidence.finding(row, "documentState", "the document is missing or not the one on record") if {
	some row in resources
	not _on_file(row)
}

_on_file(row) if row.documentState in {"verified", "not_verified"}
