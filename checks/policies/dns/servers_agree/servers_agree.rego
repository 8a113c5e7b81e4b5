# METADATA
# title: All authoritative servers give the same mail records
# description: Senders ask any of them; what differs works for some and fails for others.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12, TEC-13]
#   reference: [DNS-03]
#   evidence: [derived.zone_servers]
#   expected: the same MX, SPF, DMARC, DKIM, MTA-STS and TLS-RPT records from every server
#   citations: ["RFC 1034 4.3.5"]
#   remediation: |
#     Bring the zone to the same serial on every name server.
package policies.dns.servers_agree

import data.policies.lib.evidence

resources contains zone if some zone in evidence.of("derived.zone_servers")

deny contains evidence.finding_with(
	zone,
	"agree",
	sprintf("the servers differ on %v", [evidence.shown(difference, "question")]),
	{
		"observed": evidence.shown(difference, "answers"),
	},
) if {
	some zone in resources
	some difference in zone.differences
}

deny contains evidence.finding(zone, "agree", "fewer than two servers answered") if {
	some zone in resources
	count(zone.differences) == 0
	not zone.agree
}
