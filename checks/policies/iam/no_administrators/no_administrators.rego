# METADATA
# title: No policy gives every action on everything
# description: >-
#   Who may do everything may read everything, and cover his traces. Roles for emergencies are left out:
#   iam.break_glass_alarmed judges them.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-07, TEC-14]
#   reference: [IAM-06]
#   evidence: [derived.iam_policy]
#   expected: no Allow of * on *, and no AdministratorAccess
#   parameters:
#     breakGlassRoles: {default: [], kind: declaration, description: Names of roles for emergencies}
#   remediation: |
#     CDKTF and Terraform: list the actions and resources that the work needs, or detach the policy.
#     AWS CLI: aws iam detach-role-policy --role-name NAME --policy-arn arn:aws:iam::aws:policy/AdministratorAccess
package policies.iam.no_administrators

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if {
	some item in evidence.of("derived.iam_policy")
	not item.forEmergencies == true
	not _for_emergencies(item)
}

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "administrator", "the policy gives every action on everything")
}

_for_emergencies(item) if {
	count(item.holders) > 0
	every holder in item.holders {
		holder in input.parameters.breakGlassRoles
	}
}
