# METADATA
# title: Records are kept of policies and notices
# description: Policies are written, approved, handed out and reviewed; among them those on mail, sanctions, incidents, contingency, complaints, workstations and media, and the notice of privacy practices.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-14, ADM-03, ADM-10, ADM-15, PRV-01, PRV-08, PRV-15, PHY-02]
#   reference: []
#   evidence: [derived.register.policy]
#   method: examine
#   expected: a record in force on each subject
#   remediation: |
#     Write the records into records/policies/ (mailward init makes the skeletons); mailward records check validates them.
package policies.records.policy_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.policy")

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
