# METADATA
# title: Log files of the trail are validated
# description: >-
#   Without digest files nobody can show that a log file is the one that CloudTrail wrote.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-05, TEC-07]
#   reference: [CT-02]
#   evidence: [aws_cloudtrail]
#   expected: enable_log_file_validation true
#   remediation: |
#     CDKTF and Terraform: set enable_log_file_validation = true on the aws_cloudtrail.
#     AWS CLI: aws cloudtrail update-trail --name NAME --enable-log-file-validation
package policies.trails.validated

import data.policies.lib.evidence

resources contains trail if some trail in evidence.of("aws_cloudtrail")

deny contains evidence.finding(trail, "enable_log_file_validation", "log files can be changed without a trace") if {
	some trail in resources
	not trail.enable_log_file_validation == true
}
