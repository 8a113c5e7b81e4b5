# METADATA
# title: What the trail records arrives in CloudWatch Logs
# description: >-
#   A trail that names a log group may still deliver nothing: its role lacks a permission, or the group is gone.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-05]
#   reference: [CT-02]
#   evidence: [derived.trail_delivery]
#   expected: a delivery within the hours of the parameter
#   parameters:
#     maxDeliveryAgeHours: {default: 24, stricter: lower, description: Hours since the last delivery to CloudWatch Logs}
#   remediation: |
#     AWS CLI: aws cloudtrail get-trail-status --name NAME shows the error; then correct the role of cloud_watch_logs_role_arn
package policies.trails.logs_delivered

import data.policies.lib.evidence

resources contains delivery if some delivery in evidence.of("derived.trail_delivery")

deny contains evidence.finding_with(delivery, "hoursAgo", "nothing was delivered to CloudWatch Logs lately", {
	"expected": sprintf("within %d hours", [input.parameters.maxDeliveryAgeHours]),
}) if {
	some delivery in resources
	not evidence.at_most(delivery, "hoursAgo", input.parameters.maxDeliveryAgeHours)
}
