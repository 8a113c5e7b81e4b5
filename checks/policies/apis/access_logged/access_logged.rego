# METADATA
# title: Mail APIs log who called them
# description: >-
#   Without access logs nobody can tell who unsubscribed or changed a preference.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-05]
#   reference: [EDG-01]
#   evidence: [aws_api_gateway_stage, aws_apigatewayv2_stage]
#   expected: access_log_settings with a destination
#   remediation: |
#     CDKTF and Terraform: add access_log_settings with destination_arn and format to the stage.
#     AWS CLI: aws apigatewayv2 update-stage --api-id ID --stage-name NAME --access-log-settings DestinationArn=ARN,Format=FORMAT
package policies.apis.access_logged

import data.policies.lib.evidence

resources contains stage if {
	some kind in ["aws_api_gateway_stage", "aws_apigatewayv2_stage"]
	some stage in evidence.of(kind)
}

deny contains evidence.finding(stage, "access_log_settings.destination_arn", "calls are not logged") if {
	some stage in resources
	not _logged(stage)
}

_logged(stage) if evidence.is_set(stage, "access_log_settings.destination_arn")

# A destination of the same plan has its ARN only after apply.
_logged(stage) if {
	some id in object.get(stage, ["_references", "access_log_settings.destination_arn"], [])
	not contains(id, "data.")
	some kind in ["aws_cloudwatch_log_group", "aws_kinesis_firehose_delivery_stream"]
	contains(id, kind)
}
