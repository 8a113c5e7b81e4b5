# METADATA
# title: Records are kept of opt-outs and revocations
# description: Opt-outs, revocations and requests on channel are logged as they come in, so that the next send can leave those people out.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [PRV-09, PRV-14, PRV-16, CSP-04]
#   reference: []
#   evidence: [derived.register.opt-out]
#   method: examine
#   expected: at least one record, or a statement of the period in which there was nothing
#   remediation: |
#     Write the records into records/opt-outs/ (mailward init makes the skeletons); mailward records check validates them. An empty log is stated by its statement field.
package policies.records.opt_out_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.opt-out")

deny contains evidence.finding(register, "present", "there is no record of this kind") if {
	some register in resources
	not register.present
}
