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
	{"restsOn": [rest | some rest in _unnamed]},
) if {
	some function in resources
	not _declared(function)
}

_unnamed := [{"id": group._id, "path": "name"} |
	some group in evidence.of("aws_cloudwatch_log_group")
	evidence.may_refer(group, "name")
]

_declared(function) if {
	some name in evidence.names_at(function, "logging_config.log_group")
	_groups[name]
}

_declared(function) if {
	some name in evidence.identities(function)
	_named_by_groups[name]
}

_declared(function) if _named_by_groups[["value", sprintf("/aws/lambda/%s", [function.function_name])]]

_groups contains name if {
	some group in evidence.of("aws_cloudwatch_log_group")
	some name in evidence.identities(group)
}

_named_by_groups contains name if {
	some group in evidence.of("aws_cloudwatch_log_group")
	some name in evidence.names_at(group, "name")
}
