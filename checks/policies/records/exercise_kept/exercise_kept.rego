# METADATA
# title: Records are kept of exercises and tests
# description: Restore tests, contingency and incident exercises, evaluations and tests of emergency access show that plans work.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-10, ADM-11, ADM-12, ADM-13, TEC-02]
#   reference: []
#   evidence: [derived.register.exercise]
#   method: examine
#   expected: a record in force on each subject
#   remediation: |
#     Write the records into records/tests/ (mailward init makes the skeletons); mailward records check validates them.
package policies.records.exercise_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.exercise")

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
