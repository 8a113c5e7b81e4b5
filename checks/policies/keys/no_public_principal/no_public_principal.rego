# METADATA
# title: Key policies admit no anonymous principal
# description: A key that anyone may use protects nothing; conditions and denials of the policy are weighed.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [TEC-14, TEC-04]
#   reference: [KMS-03]
#   evidence: [derived.key_policy]
#   expected: no Allow for everyone without a condition that limits it to known accounts, organizations or sources
#   remediation: |
#     CDKTF and Terraform: name the roles in Principal, or add a condition such as StringEquals kms:CallerAccount.
#     AWS CLI: aws kms put-key-policy --key-id ID --policy-name default --policy file://policy.json
package policies.keys.no_public_principal

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.key_policy")

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "public", "anyone may use the key")
}
