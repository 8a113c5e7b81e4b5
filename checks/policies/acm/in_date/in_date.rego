# METADATA
# title: Certificates of mail hosts are valid for weeks to come
# description: >-
#   A certificate that runs out takes the MTA-STS policy, and with it strict mail, down.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-11]
#   reference: [EDG-04]
#   evidence: [derived.acm_dates]
#   expected: valid for at least the days of the parameter
#   parameters:
#     minDaysLeft: {default: 30, stricter: higher, description: Days that a certificate must still be valid}
#   remediation: |
#     CDKTF and Terraform: validate the certificate by DNS and leave the record in place: ACM then renews it by itself.
#     AWS CLI: aws acm describe-certificate --certificate-arn ARN
package policies.acm.in_date

import data.policies.lib.evidence

resources contains certificate if {
	some certificate in evidence.of("derived.acm_dates")
	not certificate.unused == true
}

deny contains evidence.finding_with(certificate, "daysLeft", "the certificate runs out soon", {
	"expected": sprintf("at least %d days", [input.parameters.minDaysLeft]),
}) if {
	some certificate in resources
	not evidence.at_least(certificate, "daysLeft", input.parameters.minDaysLeft)
}
