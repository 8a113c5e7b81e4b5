# METADATA
# title: Keys wait as long as possible before they are deleted
# description: A deleted key takes all it encrypts with it; the waiting period is the only way back.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-11, TEC-04]
#   reference: [KMS-04]
#   evidence: [aws_kms_key]
#   expected: at least 30 days
#   parameters:
#     minDeletionWindowDays: {default: 30, stricter: higher, description: Shortest waiting period in days}
#   remediation: |
#     CDKTF and Terraform: leave deletion_window_in_days out or set it to 30.
package policies.keys.deletion_window

import data.policies.lib.evidence

resources contains key if some key in evidence.of("aws_kms_key")

deny contains evidence.finding(key, "deletion_window_in_days", "the key can be gone before anyone notices") if {
	some key in resources
	not _long(key)
}

# The provider's default is the longest window that KMS allows.
_long(key) if evidence.unset(key, "deletion_window_in_days")

_long(key) if evidence.at_least(key, "deletion_window_in_days", input.parameters.minDeletionWindowDays)
