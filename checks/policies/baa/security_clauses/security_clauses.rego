# METADATA
# title: Each agreement binds the vendor to the Security Rule
# description: Without these clauses incidents need not be reported and subcontractors are not bound.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [BAA-03]
#   reference: [ABA-02]
#   evidence: [derived.baa]
#   method: examine
#   expected: every clause present, with its page
#   remediation: |
#     Check the agreement against 45 CFR 164.504(e)(2) and 164.314(a)(2), record each clause with its page, and have a missing one added by amendment.
package policies.baa.security_clauses

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.baa")
	row.standing == "in_force"
}

deny contains evidence.finding(row, "clauses.security.absent", "the agreement lacks clauses") if {
	some row in resources
	not _none_absent(row)
}

deny contains evidence.finding(row, "clauses.security.open", "clauses have not been checked") if {
	some row in resources
	not _none_open(row)
}

_none_absent(row) if count(row.clauses.security.absent) == 0

_none_open(row) if count(row.clauses.security.open) == 0
