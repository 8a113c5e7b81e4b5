# METADATA
# title: Logs of mail APIs hold no message bodies
# description: >-
#   Data trace writes requests and answers whole into the log, addresses and tokens along.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-05, TEC-14]
#   reference: [EDG-01]
#   evidence: [aws_api_gateway_method_settings, aws_apigatewayv2_stage]
#   expected: data_trace_enabled false
#   remediation: |
#     CDKTF and Terraform: set data_trace_enabled = false in settings of the aws_api_gateway_method_settings (or in the route settings of the stage).
#     AWS CLI: aws apigateway update-stage --rest-api-id ID --stage-name NAME --patch-operations op=replace,path=/*/*/logging/dataTrace,value=false
package policies.apis.bodies_not_logged

import data.policies.lib.evidence

resources contains item if {
	some kind in ["aws_api_gateway_method_settings", "aws_apigatewayv2_stage"]
	some item in evidence.of(kind)
}

deny contains evidence.finding(item, path, "requests and answers are logged whole") if {
	some item in resources
	some path in ["settings.data_trace_enabled", "default_route_settings.data_trace_enabled"]
	not _off(item, path)
}

deny contains evidence.finding(item, "route_settings", "requests and answers of a route are logged whole") if {
	some item in resources
	not _routes_off(item)
}

# Off unless it is turned on.
_off(item, path) if evidence.unset(item, path)

_off(item, path) if object.get(item, split(path, "."), null) == false

_routes_off(item) if {
	not _hidden(item)
	every route in object.get(item, "route_settings", []) {
		object.get(route, "data_trace_enabled", false) == false
	}
}

_hidden(item) if {
	some path in object.get(item, "_unknown", [])
	startswith(path, "route_settings")
}
