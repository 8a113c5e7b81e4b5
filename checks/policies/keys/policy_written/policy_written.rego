# METADATA
# title: Keys have a written policy
# description: The policy that AWS writes leaves all to IAM; who may use the key then stands nowhere in one place.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-04]
#   reference: [KMS-06]
#   evidence: [aws_kms_key, aws_kms_key_policy]
#   expected: policy on the key, or an aws_kms_key_policy
#   remediation: |
#     CDKTF and Terraform: set policy on the aws_kms_key, or add an aws_kms_key_policy.
#     AWS CLI: aws kms put-key-policy --key-id ID --policy-name default --policy file://policy.json
package policies.keys.policy_written

import data.policies.lib.evidence

resources contains key if some key in evidence.of("aws_kms_key")

deny contains evidence.finding_with(key, "policy", "nothing but the default policy of AWS governs the key", {
	"restsOn": [{"id": policy._id, "path": "key_id"} |
		some policy in evidence.of("aws_kms_key_policy")
		evidence.may_refer(policy, "key_id")
	],
}) if {
	some key in resources
	not _written(key)
}

_written(key) if evidence.is_set(key, "policy")

# What only apply will tell is written all the same.
_written(key) if "policy" in key._unknown

_written(key) if {
	some policy in evidence.of("aws_kms_key_policy")
	evidence.refers(policy, "key_id", key)
}
