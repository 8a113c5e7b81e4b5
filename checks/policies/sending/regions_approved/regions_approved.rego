# METADATA
# title: SES is used only in approved Regions
# description: >-
#   An identity in a Region that nobody looks at sends under the entity's name, and a receipt rule or an archive there
#   takes in its mail, outside of its logs, alarms and risk analysis.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-17, BAA-05, ADM-01, NPR-02]
#   reference: [SES-20]
#   evidence: [aws.ses_region, aws.ses_region_receiving, aws.ses_region_archives]
#   expected: no identity, configuration set, sent message, receipt rule set or archive in a Region that is neither approved nor scanned
#   parameters:
#     approvedRegions: {default: [], kind: declaration, description: Regions that may use SES besides those that are scanned}
#   remediation: |
#     mailward.yaml: name the Region under aws.regions, so that what it holds is looked at.
#     AWS CLI: if nobody needs it, aws sesv2 delete-email-identity --region REGION --email-identity NAME, and delete-configuration-set likewise; aws ses delete-receipt-rule-set and aws mailmanager delete-archive for what takes mail in.
#     Terraform and CDKTF: a service control policy that denies ses:* outside of the approved Regions (aws_organizations_policy) keeps it so.
package policies.sending.regions_approved

import data.policies.lib.evidence

resources contains region if some region in evidence.of("aws.ses_region")

deny contains evidence.finding(region, path, "SES is in use in a Region that is not looked at") if {
	some region in resources
	not _approved(region)
	some path in ["identities", "configuration_sets", "sent_last_24_hours"]
	not region[path] == 0
}

# What takes mail in and keeps it: an item of its own for each Region.
deny contains evidence.finding_with(region, path, "SES is in use in a Region that is not looked at", {
	"observed": _counted(kind, region, path),
	"restsOn": [{"id": item._id, "path": path} | some item in _told(kind, region)],
}) if {
	some region in resources
	not _approved(region)
	some kind, path in {"aws.ses_region_receiving": "receipt_rule_sets", "aws.ses_region_archives": "archives"}
	not _counted(kind, region, path) == 0
}

_approved(region) if region.name in input.parameters.approvedRegions

_told(kind, region) := [item | some item in evidence.of(kind); item.name == region.name]

default _counted(_, _, _) := null

_counted(kind, region, path) := evidence.shown(_told(kind, region)[0], path)
