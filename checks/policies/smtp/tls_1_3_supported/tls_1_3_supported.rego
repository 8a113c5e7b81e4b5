# METADATA
# title: TLS 1.3 is supported
# description: NIST SP 800-52 Rev. 2 asks for TLS 1.3 support since 2024.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-11]
#   reference: [STLS-05]
#   evidence: [tls.session]
#   expected: TLS 1.3
#   citations: ["RFC 8446 4.1", "RFC 9325 3.1.1"]
#   remediation: |
#     Update the mail server's TLS library (OpenSSL 1.1.1 or later) and allow TLS 1.3.
package policies.smtp.tls_1_3_supported

import data.policies.lib.evidence

resources contains session if some session in evidence.of("tls.session")

deny contains evidence.finding(session, "protocol", "TLS 1.3 is not negotiated although it was offered") if {
	some session in resources
	not _newest(session)
}

_newest(session) if session.protocol == "TLSv1.3"
