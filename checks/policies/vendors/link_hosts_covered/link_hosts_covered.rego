# METADATA
# title: Links and images lead to own hosts, or to hosts under agreement
# description: Who serves a link or an image of a message learns who opened it and about what. A host outside the agreements receives a disclosure.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-03, BAA-05]
#   reference: [TRK-002, VENDOR-10]
#   evidence: [derived.link_host]
#   expected: own hosts, hosts of vendors under an agreement in force, or hosts declared to get no PHI
#   remediation: |
#     Serve images and links from an own host, record the agreement of the vendor with the host under hosts, or write a no-phi declaration with reason and date.
package policies.vendors.link_hosts_covered

import data.policies.lib.evidence

resources contains host if some host in evidence.of("derived.link_host")

deny contains evidence.finding_with(host, "covered", "a link or image leads to a host without an agreement in force", {
	"observed": evidence.shown(host, "vendor"),
}) if {
	some host in resources
	host.own == false
	not host.covered == true
}

deny contains evidence.finding(host, "own", "no domain was given, so that no host is known to be the entity's own") if {
	some host in resources
	not evidence.is_set(host, "own")
	not host.covered == true
}
