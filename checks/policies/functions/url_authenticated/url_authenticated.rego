# METADATA
# title: Function URLs ask who calls
# description: A URL with authorization_type NONE lets the whole internet call the function.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-14]
#   reference: [LAM-01]
#   evidence: [aws_lambda_function_url]
#   expected: authorization_type AWS_IAM
#   remediation: |
#     CDKTF and Terraform: set authorization_type = "AWS_IAM" on the aws_lambda_function_url.
#     AWS CLI: aws lambda update-function-url-config --function-name NAME --auth-type AWS_IAM
package policies.functions.url_authenticated

import data.policies.lib.evidence

resources contains url if some url in evidence.of("aws_lambda_function_url")

deny contains evidence.finding(url, "authorization_type", "anyone may call the function by its URL") if {
	some url in resources
	not url.authorization_type == "AWS_IAM"
}
