# METADATA
# title: Mail APIs take TLS 1.2 or later
# description: >-
#   A custom domain of a REST API may still take TLS 1.0; what API Gateway sets where nothing is stated is known only when it is there.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-11]
#   reference: [EDG-01]
#   evidence: [derived.api_domain]
#   expected: security_policy TLS_1_2 or later
#   remediation: |
#     CDKTF and Terraform: set security_policy = "TLS_1_2" on the domain name.
#     AWS CLI: aws apigateway update-domain-name --domain-name NAME --patch-operations op=replace,path=/securityPolicy,value=TLS_1_2
package policies.apis.current_tls

import data.policies.lib.evidence

resources contains domain if some domain in evidence.of("derived.api_domain")

deny contains evidence.finding(domain, "securityPolicy", "the domain does not ask for TLS 1.2 or later") if {
	some domain in resources
	not _current(domain)
}

_current(domain) if domain.securityPolicy == "TLS_1_2"

# Names such as SecurityPolicy_TLS13_1_3_2025_09 say which version is the least.
_current(domain) if regex.match(`^SecurityPolicy_TLS1[23]_`, domain.securityPolicy)
