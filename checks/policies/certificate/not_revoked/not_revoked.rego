# METADATA
# title: The certificate is not revoked
# description: A revoked certificate stands for nobody any more.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-11]
#   reference: [CERT-05]
#   evidence: [derived.revocation]
#   expected: a stapled OCSP answer, signed and in time, that says good
#   citations: ["RFC 5280 6.3", "RFC 6066 8", "RFC 6960 4.2"]
#   remediation: |
#     Get a new certificate with a new key from the certification authority, and find out why the old one was revoked.
package policies.certificate.not_revoked

import data.policies.lib.evidence

resources contains certificate if some certificate in evidence.of("derived.revocation")

deny contains evidence.finding(certificate, "status", "the issuer does not vouch for the certificate any more") if {
	some certificate in resources
	not _good(certificate)
}

_good(certificate) if certificate.status == "good"
