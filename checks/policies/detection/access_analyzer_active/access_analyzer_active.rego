# METADATA
# title: IAM Access Analyzer watches what is shared
# description: >-
#   It proves which buckets, keys, topics and roles are open to others, and tells of new ones.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [ADM-13, ADM-04]
#   reference: [DET-02]
#   evidence: [derived.access_analyzer]
#   expected: an active analyzer of type ACCOUNT or ORGANIZATION
#   remediation: |
#     CDKTF and Terraform: add an aws_accessanalyzer_analyzer with type = "ACCOUNT".
#     AWS CLI: aws accessanalyzer create-analyzer --analyzer-name NAME --type ACCOUNT
package policies.detection.access_analyzer_active

import data.policies.lib.evidence

resources contains watcher if some watcher in evidence.of("derived.access_analyzer")

deny contains evidence.finding(watcher, "on", "no analyzer of access from outside is active") if {
	some watcher in resources
	not watcher.on == true
}
