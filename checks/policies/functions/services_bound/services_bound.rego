# METADATA
# title: Permissions bind each AWS service that calls a function
# description: A service calls for whoever asks it; without a source it calls for other accounts too.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-14]
#   reference: [LAM-01]
#   evidence: [derived.function_policy]
#   expected: source_account or source_arn on each permission for a service
#   remediation: |
#     CDKTF and Terraform: set source_account, or source_arn, on the aws_lambda_permission.
package policies.functions.services_bound

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.function_policy")

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "services", "a service may call the function on behalf of any account")
}
