# METADATA
# title: Mail is sent only from approved Regions
# description: >-
#   An identity in a Region that nobody looks at sends under the entity's name, outside of its logs, alarms and risk
#   analysis.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-17, BAA-05, ADM-01, NPR-02]
#   reference: [SES-20]
#   evidence: [aws.ses_region]
#   expected: no identity, configuration set or sent message in a Region that is neither approved nor scanned
#   parameters:
#     approvedRegions: {default: [], kind: declaration, description: Regions that may send besides those that are scanned}
#   remediation: |
#     mailward.yaml: name the Region under aws.regions, so that what it holds is looked at.
#     AWS CLI: if nobody needs it, aws sesv2 delete-email-identity --region REGION --email-identity NAME, and delete-configuration-set likewise.
#     Terraform and CDKTF: a service control policy that denies ses:* outside of the approved Regions (aws_organizations_policy) keeps it so.
package policies.sending.regions_approved

import data.policies.lib.evidence

resources contains region if some region in evidence.of("aws.ses_region")

deny contains evidence.finding(region, path, "SES is in use in a Region that is not looked at") if {
	some region in resources
	not region.name in input.parameters.approvedRegions
	some path in ["identities", "configuration_sets", "sent_last_24_hours"]
	not region[path] == 0
}
