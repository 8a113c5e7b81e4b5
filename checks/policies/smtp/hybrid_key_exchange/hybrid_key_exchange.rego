# METADATA
# title: Post-quantum hybrid key exchange is offered
# description: What is recorded today may be read by a quantum computer later; a hybrid group keeps it closed. Absence never fails.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-11]
#   reference: [STLS-09]
#   evidence: [derived.tls_hybrid]
#   expected: X25519MLKEM768 in TLS 1.3
#   citations: []
#   remediation: |
#     OpenSSL 3.5 or later offers X25519MLKEM768 by default; otherwise put it first in the list of groups.
package policies.smtp.hybrid_key_exchange

import data.policies.lib.evidence

resources contains server if {
	some server in evidence.of("derived.tls_hybrid")
	not server.accepted == false
}

deny contains evidence.finding(server, "accepted", "it is not known whether a hybrid group is accepted") if {
	some server in resources
	not _accepted(server)
}

_accepted(server) if server.accepted == true
