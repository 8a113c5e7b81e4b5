# METADATA
# title: A register of business associate agreements is kept
# description: The register is the list against which every vendor seen in the mail system is held.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [BAA-01, BAA-02, BAA-05, NPR-10]
#   reference: [ABA-02]
#   evidence: [derived.baa_register]
#   method: examine
#   expected: at least one row
#   remediation: |
#     Write the agreements into records/baa/ (mailward init makes the skeleton), one row per agreement with its document hash.
package policies.baa.register_kept

import data.policies.lib.evidence

resources contains register if some register in evidence.of("derived.baa_register")

deny contains evidence.finding(register, "rows", "there is no register of agreements") if {
	some register in resources
	not _kept(register)
}

_kept(register) if evidence.at_least(register, "rows", 1)
