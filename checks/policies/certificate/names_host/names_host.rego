# METADATA
# title: The certificate names the MX host
# description: A sender that checks names refuses a certificate for another host.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-11, TEC-10]
#   reference: [CERT-02]
#   evidence: [derived.certificate]
#   expected: a DNS name in subjectAltName that stands for the MX host
#   citations: ["RFC 9525 6.3", "RFC 8461 4.2", "RFC 7672 3.2"]
#   remediation: |
#     Order a certificate whose subjectAltName holds the MX host name; a wildcard stands for exactly one left-most label.
package policies.certificate.names_host

import data.policies.lib.evidence

resources contains certificate if some certificate in evidence.of("derived.certificate")

deny contains evidence.finding_with(certificate, "nameMatch", "no name in the certificate stands for the MX host", {
	"observed": _names(certificate),
}) if {
	some certificate in resources
	not _named(certificate)
}

_named(certificate) if certificate.nameMatch == true

_names(certificate) := array.slice(certificate.leaf.dnsIds, 0, 10) if {
	certificate.leaf.dnsIds
} else := []
