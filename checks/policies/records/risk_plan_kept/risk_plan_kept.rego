# METADATA
# title: Records are kept of risk management plan
# description: For each risk that the analysis found somebody decided what is done, until when and what remains.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-02]
#   reference: []
#   evidence: [derived.register.risk-plan]
#   method: examine
#   expected: a record in force on each subject
#   remediation: |
#     Write the records into records/risk/ (mailward init makes the skeletons); mailward records check validates them.
package policies.records.risk_plan_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.risk-plan")

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
