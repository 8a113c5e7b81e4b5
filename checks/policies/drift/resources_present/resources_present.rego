# METADATA
# title: What is planned for mail is there
# description: >-
#   A plan or state that was given together with an account says what should be there. What only apply will name is left
#   out.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-13]
#   reference: []
#   evidence: [derived.drift]
#   expected: each planned resource in the account
#   remediation: |
#     terraform plan shows what is missing; apply it, or take the resource out of the configuration.
package policies.drift.resources_present

import data.policies.lib.evidence

resources contains drift if some drift in evidence.of("derived.drift")

deny contains evidence.finding_with(drift, "found", _message(drift), {
	"observed": evidence.shown(drift, "resource"),
}) if {
	some drift in resources
	not drift.found == true
}

default _message(_) := "the account does not have it"

_message(drift) := sprintf("the account has no %s %s", [drift.kind, drift.name])
