# METADATA
# title: AWS knows whom to tell of security
# description: >-
#   Reports of abuse and of keys found in the open go to the security contact, and without one to the address that the
#   account was opened with, which may be nobody's.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [ADM-10]
#   reference: []
#   evidence: [derived.security_contact]
#   expected: an alternate contact for security
#   remediation: |
#     CDKTF and Terraform: an aws_account_alternate_contact with alternate_contact_type SECURITY.
#     AWS CLI: aws account put-alternate-contact --alternate-contact-type SECURITY with --name, --title, --email-address and --phone-number
package policies.account.security_contact_named

import data.policies.lib.evidence

resources contains account if some account in evidence.of("derived.security_contact")

deny contains evidence.finding(account, "on", "the account names no contact for security") if {
	some account in resources
	not account.on == true
}
