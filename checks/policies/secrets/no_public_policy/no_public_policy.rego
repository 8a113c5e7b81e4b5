# METADATA
# title: No secret policy admits everyone
# description: >-
#   Conditions and denials of the policy are weighed: one that anybody can meet limits nobody.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-15, ADM-09]
#   reference: [SEC-01]
#   evidence: [derived.secret_policy]
#   expected: no Allow for everyone without a condition that limits it to known accounts, organizations or sources
#   remediation: |
#     CDKTF and Terraform: name the principals in the aws_secretsmanager_secret_policy, or add a condition such as StringEquals aws:PrincipalOrgID.
#     AWS CLI: aws secretsmanager put-resource-policy --secret-id ARN --resource-policy file://policy.json --block-public-policy
package policies.secrets.no_public_policy

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.secret_policy")

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "public", "anyone may read the secret")
}
