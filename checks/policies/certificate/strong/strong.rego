# METADATA
# title: Certificate keys and signatures are strong
# description: Weak keys and SHA-1 signatures can be forged.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-11]
#   reference: [CERT-04]
#   evidence: [derived.certificate]
#   expected: RSA of 2048 bits or EC of 256 bits, signed with SHA-256 or stronger
#   citations: ["RFC 9325 4.5"]
#   remediation: |
#     Order a certificate with an RSA key of at least 2048 bits or an EC P-256 key, signed with SHA-256.
package policies.certificate.strong

import data.policies.lib.evidence

resources contains certificate if some certificate in evidence.of("derived.certificate")

deny contains evidence.finding_with(certificate, "faults", object.get(fault, "detail", fault.reason), {
	"observed": evidence.shown(fault, "reason"),
}) if {
	some certificate in resources
	some fault in certificate.faults
	fault.reason in {"weak_key", "weak_signature"}
}

deny contains evidence.finding(certificate, "leaf.key", "the key could not be judged") if {
	some certificate in resources
	not _readable(certificate)
}

_readable(certificate) if {
	certificate.leaf.key.bits
	is_array(certificate.faults)
}
