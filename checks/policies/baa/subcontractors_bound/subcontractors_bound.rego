# METADATA
# title: Agreements reach down to every subcontractor
# description: A subcontractor that handles PHI needs an agreement with the business associate, as that one has with the entity.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [BAA-04]
#   reference: []
#   evidence: [derived.baa]
#   method: examine
#   expected: subcontractors listed, each with the day on which its agreement was confirmed
#   remediation: |
#     Ask the business associate for the list of its subcontractors and for the confirmation that each is bound by the same terms; an empty list says that there are none.
package policies.baa.subcontractors_bound

import data.policies.lib.evidence

resources contains row if {
	some row in evidence.of("derived.baa")
	row.standing == "in_force"
}

deny contains evidence.finding(row, "subcontractorsListed", "nobody says which subcontractors there are") if {
	some row in resources
	not row.subcontractorsListed
}

deny contains evidence.finding(row, "unconfirmedSubcontractors", "agreements of subcontractors are not confirmed") if {
	some row in resources
	not _all_confirmed(row)
}

_all_confirmed(row) if count(row.unconfirmedSubcontractors) == 0
