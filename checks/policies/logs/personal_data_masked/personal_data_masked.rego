# METADATA
# title: Log groups mask personal data
# description: Addresses of patients get into logs by error texts and events; masked, they are read only with a permission of its own.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PRV-11]
#   reference: [LOG-03]
#   evidence: [derived.log_masking]
#   expected: a data protection policy with Audit and Deidentify for each identifier
#   parameters:
#     dataIdentifiers: {default: [EmailAddress], stricter: superset, description: Managed data identifiers that must be masked}
#   remediation: |
#     CDKTF and Terraform: add an aws_cloudwatch_log_data_protection_policy to the log group with an Audit and a Deidentify statement for the data identifier EmailAddress.
#     AWS CLI: aws logs put-data-protection-policy --log-group-identifier NAME --policy-document file://policy.json
package policies.logs.personal_data_masked

import data.policies.lib.evidence

resources contains group if some group in evidence.of("derived.log_masking")

deny contains evidence.finding_with(group, "identifiers", "personal data stands in the log as it came", {
	"observed": evidence.shown(group, "identifiers"),
	"expected": sprintf("%s", [concat(", ", input.parameters.dataIdentifiers)]),
	"restsOn": [{"id": group._id, "path": path} | some path in ["more"]],
}) if {
	some group in resources
	not _masked(group)
}

_masked(group) if {
	wanted := {one | some one in input.parameters.dataIdentifiers}
	count(wanted - {one | some one in group.identifiers}) == 0
}
