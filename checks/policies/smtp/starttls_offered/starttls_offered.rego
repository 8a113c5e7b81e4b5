# METADATA
# title: Every MX address offers STARTTLS and completes the handshake
# description: A server that offers no TLS gets every message in clear text.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-10, NPR-12, BRN-07]
#   reference: [STLS-01]
#   evidence: [derived.starttls]
#   expected: STARTTLS listed, answered with 220, and a TLS session
#   citations: ["RFC 3207 4", "RFC 5321 4.1.1.1"]
#   remediation: |
#     Turn on STARTTLS with a certificate on the mail server, e.g. Postfix: smtpd_tls_security_level = may and smtpd_tls_chain_files = KEY, CHAIN.
package policies.smtp.starttls_offered

import data.policies.lib.evidence

resources contains server if some server in evidence.of("derived.starttls")

deny contains evidence.finding(server, "advertised", "the server does not offer STARTTLS") if {
	some server in resources
	not _advertised(server)
}

deny contains evidence.finding(server, "replyCode", "STARTTLS is offered and then refused") if {
	some server in resources
	_advertised(server)
	server.answered == false
}

deny contains evidence.finding(
	server,
	"injected",
	"clear text follows the answer to STARTTLS: the handshake was not begun",
) if {
	some server in resources
	server.injected
}

deny contains evidence.finding(server, "handshake", "no TLS session came about") if {
	some server in resources
	_advertised(server)
	not server.answered == false
	not server.injected
	not _secured(server)
}

_advertised(server) if server.advertised

_secured(server) if server.handshake == true
