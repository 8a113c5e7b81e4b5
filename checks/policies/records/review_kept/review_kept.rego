# METADATA
# title: Records are kept of access and log reviews
# description: Somebody other than the reviewer certifies who has access and what the logs show.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-04, ADM-06, ADM-07]
#   reference: []
#   evidence: [derived.register.review]
#   method: examine
#   expected: a record in force on each subject
#   remediation: |
#     Write the records into records/reviews/ (mailward init makes the skeletons); mailward records check validates them.
package policies.records.review_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.review")

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
