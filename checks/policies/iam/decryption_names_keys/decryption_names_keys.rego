# METADATA
# title: No identity may decrypt with every key
# description: >-
#   A permission to decrypt on * reaches each key whose policy trusts the account, those of patient mail among them.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-04, ADM-07]
#   reference: [KMS-05]
#   evidence: [derived.iam_policy]
#   expected: >-
#     kms:Decrypt and kms:ReEncryptFrom on named keys, or under kms:ViaService, kms:ResourceAliases or aws:ResourceTag
#   parameters:
#     breakGlassRoles: {default: [], kind: declaration, description: Names of roles for emergencies}
#   remediation: |
#     CDKTF and Terraform: name the keys in resources, or add a condition such as StringEquals kms:ViaService = s3.REGION.amazonaws.com.
package policies.iam.decryption_names_keys

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if {
	some item in evidence.of("derived.iam_policy")
	not item.forEmergencies == true
	not _for_emergencies(item)
}

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "decryptsAll", "the policy allows to decrypt with every key")
}

_for_emergencies(item) if {
	count(item.holders) > 0
	every holder in item.holders {
		holder in input.parameters.breakGlassRoles
	}
}
