# METADATA
# title: Every agreement in the register is signed and in force
# description: An agreement that has ended, or was never signed, covers nothing.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [BAA-01]
#   reference: [ABA-02]
#   evidence: [derived.baa]
#   method: examine
#   expected: status executed, effective and not ended on the day of the scan
#   remediation: |
#     Renew or sign the agreement before more PHI is exchanged, and update the row; set status to terminated only when the vendor handles no more PHI.
package policies.baa.in_force

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.baa")
	row.status != "terminated"
}

deny contains evidence.finding_with(row, "standing", _message(row), {"observed": evidence.shown(row, "standing")}) if {
	some row in resources
	not _in_force(row)
}

deny contains evidence.finding_with(row, "endsOn", "the agreement ends within its notice period", {
	"severity": "low",
}) if {
	some row in resources
	_in_force(row)
	is_number(row.noticeDays)
	evidence.at_most(row, "daysToEnd", row.noticeDays)
}

_in_force(row) if row.standing == "in_force"

default _message(_) := "the agreement is not in force"

_message(row) := sprintf("the agreement ended on %s", [row.endsOn]) if {
	row.standing == "ended"
	is_string(row.endsOn)
}

_message(row) := sprintf("the agreement has status %s", [row.status]) if row.standing == "not_executed"
