# METADATA
# title: No MX host relays mail for strangers
# description: An open relay sends anybody's mail, and ends on block lists with the clinic's own.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-14]
#   reference: [MX-05]
#   evidence: [derived.smtp_active]
#   expected: RCPT for an unrelated domain refused with 5xx
#   citations: ["RFC 2505 2.1"]
#   remediation: |
#     Postfix: smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination.
package policies.mx.no_open_relay

import data.policies.lib.evidence

resources contains server if some server in evidence.of("derived.smtp_active")

deny contains evidence.finding_with(
	server,
	"relays",
	"a recipient in an unrelated domain is accepted without login",
	{"observed": evidence.shown(server, "rcptCode")},
) if {
	some server in resources
	not _refuses(server)
}

_refuses(server) if server.relays == false
