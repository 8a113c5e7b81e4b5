# METADATA
# title: REST APIs log their execution
# description: >-
#   An error between gateway and function shows in the execution log alone.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-05]
#   reference: [EDG-01]
#   evidence: [aws_api_gateway_stage, aws_api_gateway_method_settings]
#   expected: method settings for */* with logging_level ERROR or INFO
#   remediation: |
#     CDKTF and Terraform: add an aws_api_gateway_method_settings with method_path = "*/*" and settings { logging_level = "ERROR" } for the stage.
#     AWS CLI: aws apigateway update-stage --rest-api-id ID --stage-name NAME --patch-operations op=replace,path=/*/*/logging/loglevel,value=ERROR
package policies.apis.execution_logged

import data.policies.lib.evidence

resources contains stage if some stage in evidence.of("aws_api_gateway_stage")

deny contains evidence.finding_with(stage, "method_settings", "the execution of calls is not logged", {
	"restsOn": _candidates(stage),
}) if {
	some stage in resources
	not _logged(stage)
}

_logged(stage) if {
	some settings in evidence.of("aws_api_gateway_method_settings")
	settings.method_path == "*/*"
	_of(settings, stage)
	settings.settings.logging_level in ["ERROR", "INFO"]
}

_of(settings, stage) if evidence.refers(settings, "stage_name", stage)

_of(settings, stage) if {
	settings.stage_name == stage.stage_name
	_same_api(settings, stage)
}

_same_api(settings, stage) if settings.rest_api_id == stage.rest_api_id

_same_api(settings, stage) if {
	some id in object.get(settings, ["_references", "rest_api_id"], [])
	id in object.get(stage, ["_references", "rest_api_id"], [])
}

_candidates(_) := [{"id": settings._id, "path": path} |
	some settings in evidence.of("aws_api_gateway_method_settings")
	some path in ["settings.logging_level", "method_path", "stage_name"]
]
