# METADATA
# title: Records are kept of designated officials
# description: The security official, the privacy official and the contact person are named in writing.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-05]
#   reference: []
#   evidence: [derived.register.official]
#   method: examine
#   expected: a record in force on each subject
#   remediation: |
#     Write the records into records/ (mailward init makes the skeletons); mailward records check validates them.
package policies.records.official_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.official")

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
