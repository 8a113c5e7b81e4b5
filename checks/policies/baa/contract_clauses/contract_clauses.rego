# METADATA
# title: Each agreement holds the contract clauses of the Privacy Rule
# description: A missing clause leaves a duty that nobody took on.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [BAA-02]
#   reference: [ABA-02]
#   evidence: [derived.baa]
#   method: examine
#   expected: every clause present, with its page
#   remediation: |
#     Check the agreement against 45 CFR 164.504(e)(2) and 164.314(a)(2), record each clause with its page, and have a missing one added by amendment.
package policies.baa.contract_clauses

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.baa")
	row.standing == "in_force"
}

deny contains evidence.finding(row, "clauses.contract.absent", "the agreement lacks clauses") if {
	some row in resources
	not _none_absent(row)
}

deny contains evidence.finding(row, "clauses.contract.open", "clauses have not been checked") if {
	some row in resources
	not _none_open(row)
}

_none_absent(row) if count(row.clauses.contract.absent) == 0

_none_open(row) if count(row.clauses.contract.open) == 0
