# METADATA
# title: Resource policies of CloudWatch Logs bind each AWS service to known sources
# description: Without a condition on the source a service can be made to write into these logs from another account.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-14]
#   reference: [LOG-04]
#   evidence: [derived.log_policy]
#   expected: aws:SourceAccount or aws:SourceArn of known accounts on each service
#   remediation: |
#     CDKTF and Terraform: add condition StringEquals aws:SourceAccount = your account to each statement with a Service principal.
package policies.logs.resource_policy_services_bound

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.log_policy")

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "services", "a service may write to the log groups on behalf of any account")
}
