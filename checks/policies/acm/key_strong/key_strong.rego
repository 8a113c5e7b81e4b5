# METADATA
# title: Certificates of mail hosts have strong keys
# description: >-
#   RSA of 1024 bits is within reach.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-11]
#   reference: [EDG-04]
#   evidence: [aws_acm_certificate]
#   expected: RSA of 2048 bits or more, or an elliptic curve
#   remediation: |
#     CDKTF and Terraform: set key_algorithm = "RSA_2048" or "EC_prime256v1" on the aws_acm_certificate.
#     AWS CLI: aws acm request-certificate --domain-name NAME --key-algorithm EC_prime256v1
package policies.acm.key_strong

import data.policies.lib.evidence

resources contains certificate if {
	some certificate in evidence.of("aws_acm_certificate")
	not _unused(certificate)
}

# A live account says by what a certificate is used; a plan does not.
_unused(certificate) if count(certificate.in_use_by) == 0

deny contains evidence.finding(certificate, "key_algorithm", "the key is weak") if {
	some certificate in resources
	not _strong(certificate)
}

# What ACM makes without being told is RSA of 2048 bits; an imported key is as it was brought.
_strong(certificate) if {
	evidence.unset(certificate, "key_algorithm")
	not _imported(certificate)
}

_strong(certificate) if certificate.key_algorithm in [
	"EC_prime256v1",
	"EC_secp384r1",
	"EC_secp521r1",
	"RSA_2048",
	"RSA_3072",
	"RSA_4096",
]

_imported(certificate) if not evidence.unset(certificate, "private_key")
