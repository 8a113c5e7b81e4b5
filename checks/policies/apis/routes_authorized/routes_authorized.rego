# METADATA
# title: Mail APIs ask who calls
# description: >-
#   A route without authorization is open to anybody; the one-click unsubscription of RFC 8058 has to be, and is
#   declared.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-14]
#   reference: [EDG-01]
#   evidence: [aws_api_gateway_method, aws_apigatewayv2_route]
#   expected: an authorization type other than NONE, or a route that is declared public
#   parameters:
#     publicRoutes: {default: [], kind: declaration, description: "Route keys that have to be open, such as POST /unsubscribe"}
#   remediation: |
#     CDKTF and Terraform: set authorization (authorization_type) and an authorizer on the method or route, or declare the route of an unsubscription in publicRoutes.
#     AWS CLI: aws apigatewayv2 update-route --api-id ID --route-id ID --authorization-type JWT --authorizer-id ID
package policies.apis.routes_authorized

import data.policies.lib.evidence

# OPTIONS is the question of a browser before the call; it can carry no authorization.
resources contains method if {
	some method in evidence.of("aws_api_gateway_method")
	not method.http_method == "OPTIONS"
}

resources contains route if {
	some route in evidence.of("aws_apigatewayv2_route")
	not startswith(object.get(route, "route_key", ""), "OPTIONS ")
	not _declared(route)
	not _public_text(route)
}

# RFC 8461 section 3.3: every sender fetches the policy, and none can authenticate.
_public_text(route) if route.route_key == "GET /.well-known/mta-sts.txt"

deny contains evidence.finding(item, _path(item), "the route is open to anybody") if {
	some item in resources
	not _authorized(item)
}

_path(item) := "authorization" if {
	item._kind == "aws_api_gateway_method"
} else := "authorization_type"

_authorized(item) if {
	type := item[_path(item)]
	type in ["AWS_IAM", "CUSTOM", "JWT", "COGNITO_USER_POOLS"]
}

_declared(route) if route.route_key in input.parameters.publicRoutes
