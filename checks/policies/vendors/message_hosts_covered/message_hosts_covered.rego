# METADATA
# title: Whoever relays, signs or takes opt-outs for a message is under agreement
# description: Received lines, signatures and List-Unsubscribe name vendors that DNS does not show. Who handles a message to a patient is a business associate, or somebody has to say why not.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [BAA-05]
#   reference: [VENDOR-01]
#   evidence: [derived.message_host]
#   expected: an agreement in force, or a declaration that no PHI reaches the host
#   remediation: |
#     Record the agreement of the vendor with the host under hosts, or a no-phi declaration with reason and date, or send without it.
package policies.vendors.message_hosts_covered

import data.policies.lib.evidence

resources contains host if {
	some host in evidence.of("derived.message_host")
	host.sends
}

deny contains evidence.finding_with(host, "covered", "a message passes a host without an agreement in force", {
	"observed": evidence.shown(host, "vendor"),
}) if {
	some host in resources
	not host.covered == true
}
