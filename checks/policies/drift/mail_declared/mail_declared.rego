# METADATA
# title: What sends or receives mail is declared
# description: >-
#   A configuration set or identity made by hand is under none of the reviews that the plan is under.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-13]
#   reference: []
#   evidence: [derived.undeclared]
#   expected: each resource of SES in a plan or state that was given
#   remediation: |
#     Import it into the configuration (terraform import), or delete it where nobody needs it.
package policies.drift.mail_declared

import data.policies.lib.evidence

resources contains resource if some resource in evidence.of("derived.undeclared")

deny contains evidence.finding_with(resource, "declared", _message(resource), {
	"observed": evidence.shown(resource, "resource"),
}) if {
	some resource in resources
	not resource.declared == true
}

default _message(_) := "no plan declares it"

_message(resource) := sprintf("no plan declares the %s %s", [resource.kind, resource.name])
