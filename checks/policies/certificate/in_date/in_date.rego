# METADATA
# title: The certificate is in date with time to spare
# description: An expired certificate stops mail from every sender that insists on TLS.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-11]
#   reference: [CERT-03]
#   evidence: [derived.certificate]
#   expected: in date on the day of the scan, with at least 14 days left
#   citations: ["RFC 5280 4.1.2.5"]
#   parameters:
#     minDaysLeft: {default: 14, stricter: higher, description: Whole days that must be left}
#   remediation: |
#     Renew the certificate and let it renew by itself, e.g. with an ACME client, at least 30 days before its end.
package policies.certificate.in_date

import data.policies.lib.evidence

resources contains certificate if some certificate in evidence.of("derived.certificate")

deny contains evidence.finding_with(certificate, "leaf.notAfter", "the certificate has expired or is about to", {
	"expected": sprintf("at least %d days left", [input.parameters.minDaysLeft]),
}) if {
	some certificate in resources
	not _lasting(certificate)
}

deny contains evidence.finding(certificate, "leaf.notBefore", "the certificate is not valid yet") if {
	some certificate in resources
	evidence.earlier(input.asOf, certificate.leaf.notBefore)
}

_lasting(certificate) if evidence.at_least(certificate, "leaf.daysLeft", input.parameters.minDaysLeft)
