# METADATA
# title: Only TLS 1.2 and later are accepted
# description: TLS 1.0 and 1.1 must not be used any more.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-11, NPR-12, BRN-07]
#   reference: [STLS-04]
#   evidence: [tls.session]
#   expected: TLS 1.2 or 1.3, and neither 1.0 nor 1.1
#   citations: ["RFC 8996 4", "RFC 8996 5", "RFC 9325 3.1.1"]
#   remediation: |
#     Postfix: smtpd_tls_protocols = >=TLSv1.2 and smtpd_tls_mandatory_protocols = >=TLSv1.2. Exchange, Sendmail and others: disable TLS 1.0 and 1.1.
package policies.smtp.tls_1_2_or_later

import data.policies.lib.evidence

resources contains session if some session in evidence.of("tls.session")

deny contains evidence.finding_with(session, "accepted", "an obsolete version is accepted", {
	"observed": sort([version | some version in _old; session.accepted[version] == true]),
}) if {
	some session in resources
	some version in _old
	session.accepted[version] == true
}

deny contains evidence.finding(session, "protocol", "the best version on offer is obsolete") if {
	some session in resources
	not _modern(session)
}

_old := ["TLSv1", "TLSv1.1"]

_modern(session) if session.protocol in {"TLSv1.2", "TLSv1.3"}
