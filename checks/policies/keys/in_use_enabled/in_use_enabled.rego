# METADATA
# title: Keys in use are customer managed and enabled
# description: >-
#   What is under a disabled key, or one that waits for its deletion, can be read by nobody; a key that AWS manages can be
#   refused to nobody.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-04, ADM-11, BRN-07, NPR-12]
#   reference: [KMS-01, KMS-04]
#   evidence: [derived.key_use]
#   expected: a customer managed key in state Enabled
#   remediation: |
#     CDKTF and Terraform: take is_enabled = false out of the aws_kms_key, and name a key of your own.
#     AWS CLI: aws kms cancel-key-deletion --key-id ID; aws kms enable-key --key-id ID
package policies.keys.in_use_enabled

import data.policies.lib.evidence

resources contains use if some use in evidence.of("derived.key_use")

deny contains evidence.finding(use, path, message) if {
	some use in resources
	some path, message in {
		"customer": "the key is managed by AWS",
		"enabled": "the key is disabled or waits for its deletion",
	}
	not use[path] == true
}
