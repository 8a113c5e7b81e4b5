# METADATA
# title: No resource policy of CloudWatch Logs is public
# description: Who may write into the audit log can bury what happened, and who may read it learns of patients.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-14]
#   reference: [LOG-04]
#   evidence: [derived.log_policy]
#   expected: no Allow for everyone without a limiting condition
#   remediation: |
#     CDKTF and Terraform: name the service in principals of the aws_cloudwatch_log_resource_policy.
#     AWS CLI: aws logs put-resource-policy --policy-name NAME --policy-document file://policy.json
package policies.logs.no_public_resource_policy

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.log_policy")

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "public", "anyone may use the log groups")
}
