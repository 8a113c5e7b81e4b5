# METADATA
# title: Mail APIs take TLS 1.2 or later
# description: >-
#   The default of a REST domain still takes TLS 1.0.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-11]
#   reference: [EDG-01]
#   evidence: [aws_api_gateway_domain_name, aws_apigatewayv2_domain_name]
#   expected: security_policy TLS_1_2 or later
#   remediation: |
#     CDKTF and Terraform: set security_policy = "TLS_1_2" on the domain name.
#     AWS CLI: aws apigateway update-domain-name --domain-name NAME --patch-operations op=replace,path=/securityPolicy,value=TLS_1_2
package policies.apis.current_tls

import data.policies.lib.evidence

resources contains domain if {
	some kind in ["aws_api_gateway_domain_name", "aws_apigatewayv2_domain_name"]
	some domain in evidence.of(kind)
}

deny contains evidence.finding(domain, _path(domain), "the domain does not ask for TLS 1.2 or later") if {
	some domain in resources
	not _current(domain)
}

_path(domain) := "security_policy" if {
	domain._kind == "aws_api_gateway_domain_name"
} else := "domain_name_configuration.security_policy"

_current(domain) if evidence.at(domain, _path(domain)) == "TLS_1_2"

# Names such as SecurityPolicy_TLS13_1_3_2025_09 say which version is the least.
_current(domain) if regex.match(`^SecurityPolicy_TLS1[23]_`, evidence.at(domain, _path(domain)))
