# METADATA
# title: Certificates of mail hosts stand in transparency logs
# description: >-
#   A certificate that stands in no log is refused by browsers, and its like by a stranger is seen by nobody.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-11]
#   reference: [EDG-04]
#   evidence: [aws_acm_certificate]
#   expected: certificate_transparency_logging_preference ENABLED
#   remediation: |
#     CDKTF and Terraform: leave options.certificate_transparency_logging_preference of the aws_acm_certificate at ENABLED.
#     AWS CLI: aws acm update-certificate-options --certificate-arn ARN --options CertificateTransparencyLoggingPreference=ENABLED
package policies.acm.transparency_logged

import data.policies.lib.evidence

resources contains certificate if {
	some certificate in evidence.of("aws_acm_certificate")
	not _unused(certificate)
}

# A live account says by what a certificate is used; a plan does not.
_unused(certificate) if count(certificate.in_use_by) == 0

deny contains evidence.finding(
	certificate,
	"options.certificate_transparency_logging_preference",
	"the certificate is kept out of transparency logs",
) if {
	some certificate in resources
	not _logged(certificate)
}

_logged(certificate) if certificate.options.certificate_transparency_logging_preference == "ENABLED"

# The service's default.
_logged(certificate) if evidence.unset(certificate, "options.certificate_transparency_logging_preference")
