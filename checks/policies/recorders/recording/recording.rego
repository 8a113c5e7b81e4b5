# METADATA
# title: AWS Config records and delivers
# description: >-
#   Without a history of its settings nobody can show how the mail system was set up on a past day.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-01, TEC-17, NPR-02, NPR-13]
#   reference: [CFG-01]
#   evidence: [derived.config_recorder]
#   expected: a recorder that is on, a delivery channel, and global types in one Region
#   remediation: |
#     CDKTF and Terraform: add an aws_config_configuration_recorder with its aws_config_configuration_recorder_status (is_enabled = true) and an aws_config_delivery_channel; let one recorder have include_global_resource_types = true, or list AWS::IAM types.
#     AWS CLI: aws configservice put-configuration-recorder, put-delivery-channel and start-configuration-recorder
package policies.recorders.recording

import data.policies.lib.evidence

resources contains recorder if some recorder in evidence.of("derived.config_recorder")

deny contains evidence.finding(recorder, "exists", "the account has no recorder") if {
	some recorder in resources
	not recorder.exists == true
}

deny contains evidence.finding(recorder, path, lack) if {
	some recorder in resources
	recorder.exists == true
	some path, lack in _lacks
	not recorder[path] == true
}

deny contains evidence.finding_with(recorder, "globalTypes", "no recorder records users, roles and policies", {
	"restsOn": _others(recorder),
}) if {
	some recorder in resources
	recorder.exists == true
	not _any_global
}

# One Region is enough, for they are the same in all.
_any_global if {
	some recorder in evidence.of("derived.config_recorder")
	recorder.globalTypes == true
}

_others(recorder) := [{"id": other._id, "path": "globalTypes"} |
	some other in evidence.of("derived.config_recorder")
	other._id != recorder._id
]

_lacks := {
	"recording": "the recorder is off or fails",
	"delivers": "what is recorded is delivered nowhere",
}
