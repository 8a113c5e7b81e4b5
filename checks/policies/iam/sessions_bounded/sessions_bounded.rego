# METADATA
# title: Sessions of single sign-on end with the working day
# description: A session that lasts works for whoever finds the machine.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-01, TEC-03, ADM-06]
#   reference: [IAM-07]
#   evidence: [derived.permission_set]
#   expected: a session duration of at most 8 hours on each permission set
#   parameters:
#     maxSessionHours: {default: 8, stricter: lower, description: Longest session in hours}
#   remediation: |
#     CDKTF and Terraform: set session_duration = "PT8H" or shorter on the aws_ssoadmin_permission_set.
#     AWS CLI: aws sso-admin update-permission-set --instance-arn ARN --permission-set-arn ARN --session-duration PT8H
package policies.iam.sessions_bounded

import data.policies.lib.evidence

resources contains set if some set in evidence.of("derived.permission_set")

deny contains evidence.finding(set, "sessionSeconds", "sessions last longer than a working day") if {
	some set in resources
	not evidence.at_most(set, "sessionSeconds", input.parameters.maxSessionHours * 3600)
}
