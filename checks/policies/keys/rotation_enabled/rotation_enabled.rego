# METADATA
# title: Customer managed keys rotate every year
# description: Rotation limits what one key version protects; it is off unless asked for.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-04]
#   reference: [KMS-02]
#   evidence: [aws_kms_key]
#   expected: enable_key_rotation true, at most a year apart
#   parameters:
#     maxRotationDays: {default: 365, stricter: lower, description: Longest time between two rotations in days}
#   remediation: |
#     CDKTF and Terraform: set enable_key_rotation = true on the aws_kms_key.
#     AWS CLI: aws kms enable-key-rotation --key-id ID
package policies.keys.rotation_enabled

import data.policies.lib.evidence

# Asymmetric and HMAC keys, imported material and custom stores cannot rotate by themselves; a key that is off or on its
# way out need not.
resources contains key if {
	some key in evidence.of("aws_kms_key")
	_symmetric(key)
	not evidence.is_set(key, "custom_key_store_id")
	not key.is_enabled == false
}

_symmetric(key) if object.get(key, "customer_master_key_spec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"

deny contains evidence.finding(key, "enable_key_rotation", "the key does not rotate") if {
	some key in resources
	not _rotates(key)
}

deny contains evidence.finding_with(key, "rotation_period_in_days", "the key rotates too seldom", {
	"expected": sprintf("at most %d days", [input.parameters.maxRotationDays]),
}) if {
	some key in resources
	_rotates(key)
	not _often(key)
}

_rotates(key) if key.enable_key_rotation == true

# The service's period is 365 days unless another is set.
_often(key) if evidence.unset(key, "rotation_period_in_days")

_often(key) if evidence.at_most(key, "rotation_period_in_days", input.parameters.maxRotationDays)
