# METADATA
# title: Configuration sets measure their reputation
# description: Without metrics of a set nobody sees which of them loses the reputation of all.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-11]
#   reference: [SES-18]
#   evidence: [aws_sesv2_configuration_set, aws_ses_configuration_set]
#   expected: reputation metrics enabled
#   remediation: |
#     CDKTF and Terraform: set reputation_options.reputation_metrics_enabled = true on the aws_sesv2_configuration_set.
#     AWS CLI: aws sesv2 put-configuration-set-reputation-options --configuration-set-name NAME --reputation-metrics-enabled
package policies.sending.reputation_measured

import data.policies.lib.evidence

resources contains set if {
	some kind, _ in _paths
	some set in evidence.of(kind)
}

_paths := {
	"aws_sesv2_configuration_set": "reputation_options.reputation_metrics_enabled",
	"aws_ses_configuration_set": "reputation_metrics_enabled",
}

default _path(_) := ""

_path(set) := _paths[set._kind]

deny contains evidence.finding(set, _path(set), "the reputation of the set is not measured") if {
	some set in resources
	not _measured(set)
}

_measured(set) if evidence.at(set, _paths[set._kind]) == true
