# METADATA
# title: Submission takes passwords only under TLS
# description: A password sent in clear opens the mailbox to whoever listens. The result says nothing about port 25.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-09, TEC-11, TEC-15]
#   reference: [STLS-13]
#   evidence: [derived.submission]
#   expected: TLS at once on 465, or STARTTLS before AUTH on 587; TLS 1.2 or later; a certificate for the host
#   citations: ["RFC 8314 3.3", "RFC 8997 3"]
#   remediation: |
#     Postfix master.cf: submissions with smtpd_tls_wrappermode=yes, submission with smtpd_tls_security_level=encrypt and smtpd_tls_auth_only=yes.
package policies.submission.passwords_under_tls

import data.policies.lib.evidence

resources contains service if some service in evidence.of("derived.submission")

deny contains evidence.finding(service, "loginInClear", "a login is offered before the connection is encrypted") if {
	some service in resources
	not _login_protected(service)
}

deny contains evidence.finding(service, "starttls", "the service cannot be encrypted") if {
	some service in resources
	service.encrypted
	not _offers_tls(service)
}

deny contains evidence.finding(service, "protocol", "the best version on offer is obsolete") if {
	some service in resources
	service.encrypted
	_offers_tls(service)
	not _modern(service)
}

deny contains evidence.finding(service, "oldVersions", "an obsolete version is accepted") if {
	some service in resources
	count(service.oldVersions) > 0
}

deny contains evidence.finding(service, "oldSettled", "obsolete versions were not settled") if {
	some service in resources
	service.encrypted
	_offers_tls(service)
	not _settled(service)
}

deny contains evidence.finding_with(
	service,
	"certificate",
	"the certificate does not stand for the host",
	{"observed": evidence.shown(service, "certificate.reason")},
) if {
	some service in resources
	service.encrypted
	_offers_tls(service)
	not _certified(service)
}

_login_protected(service) if service.loginInClear == false

_offers_tls(service) if service.implicitTls

_offers_tls(service) if service.starttls == true

_modern(service) if service.protocol in {"TLSv1.2", "TLSv1.3"}

_settled(service) if service.oldSettled == true

_certified(service) if service.certificate.acceptable == true
