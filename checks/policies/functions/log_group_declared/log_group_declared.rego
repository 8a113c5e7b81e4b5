# METADATA
# title: Functions log into a group that is under control
# description: >-
#   Lambda makes a group by itself where none is there: without a key, and kept by nobody's decision.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-05]
#   reference: [LAM-01]
#   evidence: [aws_lambda_function, aws_cloudwatch_log_group]
#   expected: >-
#     an aws_cloudwatch_log_group named /aws/lambda/FUNCTION or by logging_config.log_group; logs.retention judges how
#     long it keeps
#   remediation: |
#     CDKTF and Terraform: add an aws_cloudwatch_log_group with name = "/aws/lambda/${aws_lambda_function.f.function_name}", kms_key_id and retention_in_days.
package policies.functions.log_group_declared

import data.policies.lib.evidence

resources contains function if some function in evidence.of("aws_lambda_function")

deny contains evidence.finding_with(
	function,
	"logging_config.log_group",
	"the function logs into a group that nobody declared",
	{"restsOn": [{"id": group._id, "path": "name"} |
		some group in evidence.of("aws_cloudwatch_log_group")
		evidence.may_refer(group, "name")
	]},
) if {
	some function in resources
	not _declared(function)
}

_declared(function) if {
	some group in evidence.of("aws_cloudwatch_log_group")
	_receives(group, function)
}

_receives(group, function) if evidence.refers(function, "logging_config.log_group", group)

_receives(group, function) if evidence.refers(group, "name", function)

_receives(group, function) if group.name == sprintf("/aws/lambda/%s", [function.function_name])
