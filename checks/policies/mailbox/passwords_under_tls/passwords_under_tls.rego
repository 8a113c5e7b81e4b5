# METADATA
# title: Mailbox access takes passwords only under TLS
# description: A password sent in clear opens the mailbox to whoever listens.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-11, TEC-10]
#   reference: [STLS-14]
#   evidence: [derived.mailbox]
#   expected: TLS at once on 993 and 995 with TLS 1.2 or later and a valid certificate; 143 and 110 closed or without login in clear
#   citations: ["RFC 8314 3.1", "RFC 8314 3.2", "RFC 8997 3"]
#   remediation: |
#     Dovecot: disable_plaintext_auth = yes (auth_allow_cleartext = no), ssl = required, ssl_min_protocol = TLSv1.2; close 143 and 110 where nobody needs them.
package policies.mailbox.passwords_under_tls

import data.policies.lib.evidence

resources contains service if some service in evidence.of("derived.mailbox")

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
