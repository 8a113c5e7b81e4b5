# METADATA
# title: Nobody who administers a key may decrypt with it
# description: >-
#   Who can change the policy of a key can let himself read; kept apart, that takes two people. The account itself is
#   left out: its IAM policies hand out both.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-06, ADM-07, TEC-04]
#   reference: [KMS-07]
#   evidence: [derived.key_policy]
#   expected: no principal with both kms:Decrypt and kms:PutKeyPolicy, kms:ScheduleKeyDeletion or kms:DisableKey
#   remediation: |
#     CDKTF and Terraform: write two statements in the key policy, one for the administrators without kms:Decrypt, one for the users with it alone. MailKey does.
package policies.keys.duties_separated

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.key_policy")

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "bothDuties", "a principal both administers the key and decrypts with it")
}
