# METADATA
# title: Environments of functions are encrypted with a customer managed key
# description: >-
#   What stands in the variables is often a credential; AWS's own key opens them to all who may read the function.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-04]
#   reference: [LAM-01, KMS-01]
#   evidence: [aws_lambda_function]
#   expected: kms_key_arn of a customer managed key where there are environment variables
#   remediation: |
#     CDKTF and Terraform: set kms_key_arn on the aws_lambda_function.
#     AWS CLI: aws lambda update-function-configuration --function-name NAME --kms-key-arn ARN
package policies.functions.environment_encrypted

import data.policies.lib.evidence

resources contains function if {
	some function in evidence.of("aws_lambda_function")
	not evidence.unset(function, "environment")
}

deny contains evidence.finding(
	function,
	"kms_key_arn",
	"the environment is not encrypted with a customer managed key",
) if {
	some function in resources
	not evidence.names_own_key(function, "kms_key_arn")
}
