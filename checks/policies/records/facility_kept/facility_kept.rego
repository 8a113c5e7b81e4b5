# METADATA
# title: Records are kept of facility, workstation and media declarations
# description: How rooms, workstations and media are kept is declared by somebody who answers for it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PHY-01, PHY-02, PHY-03, PHY-04, PHY-05]
#   reference: []
#   evidence: [derived.register.facility]
#   method: examine
#   expected: a record in force on each subject
#   remediation: |
#     Write the records into records/facilities/ (mailward init makes the skeletons); mailward records check validates them.
package policies.records.facility_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.facility")

deny contains evidence.finding(register, "present", "there is no record of this kind") if {
	some register in resources
	not register.present
}

deny contains evidence.finding(register, "missing", "records are missing") if {
	some register in resources
	register.present
	not _none_missing(register)
}

_none_missing(register) if count(register.missing) == 0
