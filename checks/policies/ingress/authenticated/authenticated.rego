# METADATA
# title: Mail Manager knows who hands mail over
# description: >-
#   An open ingress point takes mail from anyone; that is for the domain's MX alone, and only over TLS 1.2 or later.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-10, TEC-09]
#   reference: [SES-17]
#   evidence: [aws_mailmanager_ingress_point, aws_mailmanager_traffic_policy]
#   expected: type AUTH or MTLS on a private network, or a public MX whose traffic policy admits TLS 1.2 or later only
#   parameters:
#     publicMxIngressPoints: {default: [], kind: declaration, description: Names of ingress points that are the public MX of a domain}
#   remediation: |
#     CDKTF and Terraform: set type = "AUTH" and network_configuration.private_network_configuration on the aws_mailmanager_ingress_point; give a public MX a traffic policy with default_action DENY whose ALLOW statements have a tls_expression MINIMUM_TLS_VERSION TLS1_2.
#     AWS CLI: aws mailmanager create-ingress-point --type AUTH --network-configuration file://network.json ...
package policies.ingress.authenticated

import data.policies.lib.evidence

resources contains point if {
	some point in evidence.of("aws_mailmanager_ingress_point")
	not _closed(point)
}

_closed(point) if point.status == "CLOSED"

_closed(point) if point.status_to_update == "CLOSED"

deny contains evidence.finding(point, "type", "anyone may hand mail over here") if {
	some point in resources
	not _public(point)
	not _authenticates(point)
}

deny contains evidence.finding(point, "network_configuration", "the point stands on the public network") if {
	some point in resources
	not _public(point)
	not _private(point)
}

deny contains evidence.finding_with(point, "traffic_policy", "old versions of TLS are let in", {"restsOn": [rest |
	some rest in _policies(point)
]}) if {
	some point in resources
	_public(point)
	not _current_tls(point)
}

_authenticates(point) if point.type in {"AUTH", "MTLS"}

_private(point) if point.network_configuration.private_network_configuration

_public(point) if point.name in input.parameters.publicMxIngressPoints

_current_tls(point) if {
	some policy in evidence.of("aws_mailmanager_traffic_policy")
	_names(point, policy)
	policy.default_action == "DENY"
	count(policy.policy_statement) > 0
	every statement in policy.policy_statement {
		_refuses_old(statement)
	}
}

_names(point, policy) if evidence.refers(point, "traffic_policy_id", policy)

_refuses_old(statement) if statement.action == "DENY"

_refuses_old(statement) if {
	some condition in statement.condition
	condition.tls_expression.operator == "MINIMUM_TLS_VERSION"
	condition.tls_expression.value in {"TLS1_2", "TLS1_3"}
}

_policies(_) := [{"id": policy._id, "path": path} |
	some policy in evidence.of("aws_mailmanager_traffic_policy")
	some path in ["default_action", "policy_statement"]
]
