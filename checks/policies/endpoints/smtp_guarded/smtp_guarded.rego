# METADATA
# title: Endpoints for SES are available and guarded by a policy
# description: >-
#   One that is still pending carries nothing, and senders go out over the internet; one with the default policy lets
#   anybody in the network send as anybody, from any account.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-14, NPR-16]
#   reference: [EDG-05]
#   evidence: [derived.smtp_endpoint]
#   expected: the state available and, where the service takes a policy, one other than the default of full access
#   citations: ["AWS PrivateLink Guide, Control access to VPC endpoints using endpoint policies"]
#   remediation: |
#     CDKTF and Terraform: give the aws_vpc_endpoint a policy, or an aws_vpc_endpoint_policy, that names who may send and the identities' ARNs.
#     AWS CLI: aws ec2 modify-vpc-endpoint --vpc-endpoint-id ID --policy-document file://policy.json
package policies.endpoints.smtp_guarded

import data.policies.lib.evidence

resources contains endpoint if some endpoint in evidence.of("derived.smtp_endpoint")

deny contains evidence.finding(endpoint, "available", "the endpoint is not available") if {
	some endpoint in resources
	not endpoint.available == true
}

deny contains evidence.finding_with(endpoint, "policyNarrow", "the endpoint lets everything through", {
	"restsOn": [{"id": id, "path": "policySupported"} | id := endpoint._id],
}) if {
	some endpoint in resources
	not _narrow(endpoint)
}

_narrow(endpoint) if endpoint.policyNarrow == true

_narrow(endpoint) if endpoint.policySupported == false
