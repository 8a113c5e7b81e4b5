# METADATA
# title: Functions keep events that they could not handle
# description: An asynchronous call that fails is tried twice more and dropped, unless there is somewhere for it to go.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-05]
#   reference: [LAM-01]
#   evidence: [aws_lambda_function, aws_lambda_function_event_invoke_config]
#   expected: dead_letter_config.target_arn, or an on-failure destination
#   remediation: |
#     CDKTF and Terraform: add dead_letter_config { target_arn = aws_sqs_queue.dead.arn } to the aws_lambda_function, or an aws_lambda_function_event_invoke_config with on_failure.
#     AWS CLI: aws lambda update-function-configuration --function-name NAME --dead-letter-config TargetArn=ARN
package policies.functions.failures_kept

import data.policies.lib.evidence

resources contains function if some function in evidence.of("aws_lambda_function")

deny contains evidence.finding_with(
	function,
	"dead_letter_config.target_arn",
	"an event that fails is lost",
	{"restsOn": [{"id": config._id, "path": path} |
		some config in evidence.of("aws_lambda_function_event_invoke_config")
		some path in _open_paths(config, function)
	]},
) if {
	some function in resources
	not _kept(function)
}

_kept(function) if evidence.is_set(function, "dead_letter_config.target_arn")

# A target that the plan makes is there, whatever its ARN will be.
_kept(function) if count(function._references["dead_letter_config.target_arn"]) > 0

_kept(function) if {
	some config in evidence.of("aws_lambda_function_event_invoke_config")
	evidence.refers(config, "function_name", function)
	_has_destination(config)
}

_has_destination(config) if evidence.is_set(config, "destination_config.on_failure.destination")

_has_destination(config) if count(config._references["destination_config.on_failure.destination"]) > 0

# What only apply will tell of a configuration, and could be the answer.
_open_paths(config, function) := ["destination_config"] if evidence.refers(config, "function_name", function)

_open_paths(config, function) := ["function_name"] if {
	not evidence.refers(config, "function_name", function)
	evidence.may_refer(config, "function_name")
}
