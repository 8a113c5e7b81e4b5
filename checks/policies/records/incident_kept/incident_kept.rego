# METADATA
# title: Records are kept of incidents
# description: Every incident is logged, and each impermissible use or disclosure is presumed a breach until a low probability is shown by four factors.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-10, ADM-15, PRV-17, BRN-01, BRN-02, BRN-03, BRN-04, BRN-05, BRN-06, BRN-07]
#   reference: []
#   evidence: [derived.register.incident]
#   method: examine
#   expected: at least one record, or a statement of the period in which there was nothing
#   remediation: |
#     Write the records into records/incidents/ (mailward init makes the skeletons); mailward records check validates them. An empty log is stated by its statement field.
package policies.records.incident_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.incident")

deny contains evidence.finding(register, "present", "there is no record of this kind") if {
	some register in resources
	not register.present
}
