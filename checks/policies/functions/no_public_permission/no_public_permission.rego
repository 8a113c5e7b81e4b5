# METADATA
# title: No function may be called by everyone
# description: A function on the way of mail that anyone may call takes in what anyone sends.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-14]
#   reference: [LAM-01]
#   evidence: [derived.function_policy]
#   expected: no permission for principal "*" without a limiting condition
#   remediation: |
#     CDKTF and Terraform: set principal of the aws_lambda_permission to the service or account that calls, with source_arn or source_account.
#     AWS CLI: aws lambda remove-permission --function-name NAME --statement-id ID
package policies.functions.no_public_permission

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.function_policy")

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "public", "anyone may call the function")
}
