# METADATA
# title: No event bus that carries mail events admits everyone
# description: >-
#   Who may put events on the bus can forge deliveries and bounces. Judged where SES publishes to EventBridge.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-14]
#   reference: [EVB-01]
#   evidence: [derived.event_bus_policy]
#   expected: no Allow for everyone without a limiting condition
#   remediation: |
#     CDKTF and Terraform: name the accounts in the aws_cloudwatch_event_bus_policy, or add condition StringEquals aws:PrincipalOrgID.
#     AWS CLI: aws events remove-permission --event-bus-name NAME --statement-id ID
package policies.event_buses.no_public_policy

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if {
	some item in evidence.of("derived.event_bus_policy")
	not item.carriesMailEvents == false
}

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "public", "anyone may put events on the bus")
}
