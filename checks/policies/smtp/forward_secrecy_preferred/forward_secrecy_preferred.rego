# METADATA
# title: Forward secret AEAD suites are preferred
# description: Without forward secrecy whoever gets the key later can read what was recorded before.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-11]
#   reference: [STLS-07]
#   evidence: [derived.tls_suites]
#   expected: an ECDHE suite with AES-GCM or ChaCha20-Poly1305 chosen whatever the client's order, and no static RSA
#   citations: ["RFC 9325 4.1", "RFC 9325 4.2"]
#   remediation: |
#     Postfix: tls_preempt_cipherlist = yes and smtpd_tls_exclude_ciphers = kRSA. Others: put ECDHE with AES-GCM first, let the server's order decide, and remove static RSA.
package policies.smtp.forward_secrecy_preferred

import data.policies.lib.evidence

resources contains server if some server in evidence.of("derived.tls_suites")

deny contains evidence.finding(
	server,
	"chosen",
	"a suite without forward secrecy or AEAD is chosen before better ones",
) if {
	some server in resources
	not server.newestOnly
	not _preferred(server)
}

deny contains evidence.finding_with(
	server,
	"staticRsa.found",
	"static RSA key exchange is accepted",
	{"severity": "low"},
) if {
	some server in resources
	count(server.staticRsa.found) > 0
}

deny contains evidence.finding(server, "staticRsa.settled", "static RSA key exchange was not asked for") if {
	some server in resources
	not _settled(server)
}

_preferred(server) if server.chosenPreferred == true

_settled(server) if server.staticRsa.settled
