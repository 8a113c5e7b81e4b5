# METADATA
# title: Records are kept of risk analysis
# description: An accurate and thorough analysis of the risks to the ePHI of the mail system comes before every safeguard.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [ADM-01, ADM-12, TEC-17]
#   reference: []
#   evidence: [derived.register.risk-analysis]
#   method: examine
#   expected: at least one record
#   remediation: |
#     Write the records into records/risk/ (mailward init makes the skeletons); mailward records check validates them.
package policies.records.risk_analysis_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.register.risk-analysis")

deny contains evidence.finding(register, "present", "there is no record of this kind") if {
	some register in resources
	not register.present
}
