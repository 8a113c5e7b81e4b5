# METADATA
# title: Public REST APIs have a web ACL
# description: >-
#   Rate limits and rules against abuse stand before the code. HTTP APIs cannot have one.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-14]
#   reference: [EDG-01]
#   evidence: [aws_api_gateway_stage, aws_wafv2_web_acl_association]
#   expected: an aws_wafv2_web_acl_association with the stage
#   remediation: |
#     CDKTF and Terraform: add an aws_wafv2_web_acl_association with resource_arn of the aws_api_gateway_stage.
#     AWS CLI: aws wafv2 associate-web-acl --web-acl-arn ARN --resource-arn STAGE_ARN
package policies.apis.behind_firewall

import data.policies.lib.evidence

resources contains stage if some stage in evidence.of("aws_api_gateway_stage")

deny contains evidence.finding_with(stage, "web_acl_arn", "no web ACL stands before the API", {
	"restsOn": _candidates(stage),
}) if {
	some stage in resources
	not _guarded(stage)
}

_guarded(stage) if evidence.is_set(stage, "web_acl_arn")

_guarded(stage) if {
	some association in evidence.of("aws_wafv2_web_acl_association")
	evidence.refers(association, "resource_arn", stage)
}

_candidates(_) := [{"id": association._id, "path": "resource_arn"} |
	some association in evidence.of("aws_wafv2_web_acl_association")
	evidence.may_refer(association, "resource_arn")
	count(object.get(association, ["_references", "resource_arn"], [])) == 0
]
