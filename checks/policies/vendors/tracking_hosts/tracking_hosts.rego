# METADATA
# title: Tracking and link hosts are the client's own or under agreement
# description: Whoever counts clicks learns which patient reads about what.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-03, BAA-05]
#   reference: [VENDOR-10]
#   evidence: [derived.tracking]
#   expected: own hosts, or hosts of vendors under an agreement in force
#   remediation: |
#     Switch click and open tracking off, or record the agreement of the vendor with its link host under hosts; remove advertising tokens.
package policies.vendors.tracking_hosts

import data.policies.lib.evidence

resources contains host if {
	some host in evidence.of("derived.tracking")
	host.sends
}

deny contains evidence.finding_with(
	host,
	"covered",
	"a tracking host belongs to a third party without an agreement in force",
	{
		"observed": evidence.shown(host, "target"),
	},
) if {
	some host in resources
	host.token == null
	not host.own
	not host.covered == true
}

deny contains evidence.finding_with(host, "token", "a token of an advertising network stands at the domain", {
	"observed": evidence.shown(host, "token"),
	"severity": "low",
}) if {
	some host in resources
	is_string(host.token)
}
