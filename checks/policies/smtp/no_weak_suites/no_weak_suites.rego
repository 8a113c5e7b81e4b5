# METADATA
# title: No weak cipher suite is accepted
# description: NULL, EXPORT, anonymous, RC4, DES, 3DES and MD5 suites, and SSLv3, can be broken or read.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-11]
#   reference: [STLS-06]
#   evidence: [derived.tls_suites]
#   expected: no suite with NULL, EXPORT, anonymous key exchange, RC4, DES, 3DES or MD5, none below 112 bits, no SSLv3
#   citations: ["RFC 9325 4.1", "RFC 7568 3"]
#   remediation: |
#     Postfix: smtpd_tls_exclude_ciphers = aNULL, eNULL, EXPORT, RC4, DES, 3DES, MD5 and smtpd_tls_protocols = >=TLSv1.2. Others: keep AES-GCM and ChaCha20 suites with ECDHE only.
package policies.smtp.no_weak_suites

import data.policies.lib.evidence

resources contains server if some server in evidence.of("derived.tls_suites")

deny contains evidence.finding(server, "weak.found", "weak suites are accepted") if {
	some server in resources
	count(server.weak.found) > 0
}

deny contains evidence.finding(server, "ssl3", "SSLv3 is accepted") if {
	some server in resources
	not _no_ssl3(server)
}

deny contains evidence.finding(server, "weak.settled", "some weak suites were not asked for") if {
	some server in resources
	not _settled(server)
}

_no_ssl3(server) if server.ssl3 == false

_settled(server) if server.weak.settled
