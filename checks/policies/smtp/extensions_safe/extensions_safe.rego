# METADATA
# title: Renegotiation, compression, early data and session binding are safe
# description: Each of these has let others inject, read or replay what is sent under TLS.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-11]
#   reference: [STLS-10]
#   evidence: [derived.tls_extensions]
#   expected: secure renegotiation signalled and client renegotiation limited, no compression, no early data, extended master secret
#   citations: ["RFC 5746 3.6", "RFC 7627 5", "RFC 9325 3.3", "RFC 9325 3.5", "RFC 9325 3.10"]
#   remediation: |
#     Update the TLS library; Postfix: tls_ssl_options = NO_RENEGOTIATION, NO_COMPRESSION. Leave early data off.
package policies.smtp.extensions_safe

import data.policies.lib.evidence

resources contains server if some server in evidence.of("derived.tls_extensions")

deny contains evidence.finding(server, "secureRenegotiation", "secure renegotiation is not signalled") if {
	some server in resources
	not _true(server, "secureRenegotiation")
}

deny contains evidence.finding(server, "clientRenegotiations", "clients may renegotiate without end") if {
	some server in resources
	not evidence.at_most(server, "clientRenegotiations", 9)
}

deny contains evidence.finding(server, "extendedMasterSecret", "the extended master secret is not used") if {
	some server in resources
	not _true(server, "extendedMasterSecret")
}

deny contains evidence.finding(server, "compression", "TLS compression is accepted") if {
	some server in resources
	not _off(server)
}

deny contains evidence.finding(server, "earlyDataBytes", "early data is accepted") if {
	some server in resources
	not evidence.at_most(server, "earlyDataBytes", 0)
}

_true(server, path) if server[path] == true

_off(server) if server.compression == false
