# METADATA
# title: No delegated mail name points at nothing
# description: Whoever claims the target at its provider can sign, serve policies or collect clicks as the domain.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [BAA-05, TEC-12]
#   reference: [VENDOR-07]
#   evidence: [derived.delegation]
#   expected: a target that exists behind every alias of a mail name
#   remediation: |
#     DNS: delete the alias, or set the service up again.
package policies.vendors.delegations_live

import data.policies.lib.evidence

resources contains name if {
	some name in evidence.of("derived.delegation")
	name.foreign
}

deny contains evidence.finding_with(name, "live", "the alias points at nothing", {
	"observed": evidence.shown(name, "target"),
}) if {
	some name in resources
	not name.live
}
