# METADATA
# title: Endpoints for SES answer under its usual name
# description: >-
#   A sender in a VPC then reaches SES without the internet, whatever it was told to connect to.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-14, NPR-16]
#   reference: [EDG-05]
#   evidence: [aws_vpc_endpoint]
#   expected: an interface endpoint for email-smtp with private_dns_enabled true
#   remediation: |
#     CDKTF and Terraform: set vpc_endpoint_type = "Interface" and private_dns_enabled = true on the aws_vpc_endpoint.
#     AWS CLI: aws ec2 modify-vpc-endpoint --vpc-endpoint-id ID --private-dns-enabled
package policies.endpoints.smtp_private

import data.policies.lib.evidence

resources contains endpoint if {
	some endpoint in evidence.of("aws_vpc_endpoint")
	not _other(endpoint)
}

_other(endpoint) if {
	is_string(endpoint.service_name)
	not endswith(endpoint.service_name, ".email-smtp")
}

deny contains evidence.finding(endpoint, "service_name", "which service the endpoint is for cannot be told") if {
	some endpoint in resources
	not _for_smtp(endpoint)
}

_for_smtp(endpoint) if endswith(endpoint.service_name, ".email-smtp")

deny contains evidence.finding(endpoint, "vpc_endpoint_type", "the endpoint is no interface endpoint") if {
	some endpoint in resources
	not endpoint.vpc_endpoint_type == "Interface"
}

deny contains evidence.finding(endpoint, "private_dns_enabled", "senders still go out to the public address") if {
	some endpoint in resources
	not endpoint.private_dns_enabled == true
}
