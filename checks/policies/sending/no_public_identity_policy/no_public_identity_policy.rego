# METADATA
# title: Identity policies let no stranger send
# description: >-
#   Who may send as the clinic signs with its DKIM key. All policies of an identity are weighed together, Allow and
#   Deny.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-14]
#   reference: [SES-12]
#   evidence: [derived.ses_identity_policy]
#   expected: no Allow for everyone without a condition that limits it to known accounts or organizations
#   remediation: |
#     CDKTF and Terraform: name the accounts or roles in the aws_sesv2_email_identity_policy, or add a condition such as StringEquals aws:PrincipalOrgID.
#     AWS CLI: aws sesv2 delete-email-identity-policy --email-identity NAME --policy-name POLICY
package policies.sending.no_public_identity_policy

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.ses_identity_policy")

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "public", "anyone may send as this identity")
}
