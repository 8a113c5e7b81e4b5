# METADATA
# title: AWS Config records the resource types of the mail system
# description: >-
#   All types, or a list that has those of the mail system: what is left out has no history.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [ADM-13, NPR-13]
#   reference: [CFG-02, CFG-01]
#   evidence: [derived.config_recorder]
#   expected: all types that the Region supports, or a list with each type of the parameter
#   parameters:
#     resourceTypes: {default: [AWS::SES::ConfigurationSet, AWS::SES::ReceiptRuleSet, AWS::SES::ReceiptFilter, AWS::SES::Template, AWS::KMS::Key, AWS::SNS::Topic, AWS::SQS::Queue, AWS::KinesisFirehose::DeliveryStream, AWS::S3::Bucket, AWS::IAM::Role, AWS::IAM::Policy, AWS::CloudTrail::Trail], stricter: superset, description: Types of resources that must be recorded}
#   remediation: |
#     CDKTF and Terraform: set recording_group.all_supported = true on the aws_config_configuration_recorder, or name the types in resource_types.
#     AWS CLI: aws configservice put-configuration-recorder --configuration-recorder file://recorder.json
package policies.recorders.mail_types_covered

import data.policies.lib.evidence

resources contains recorder if {
	some recorder in evidence.of("derived.config_recorder")
	recorder.exists == true
}

deny contains evidence.finding_with(recorder, path, _message(recorder), {"observed": _missing(recorder)}) if {
	some recorder in resources
	not _covers(recorder)
	some path in ["allTypes", "types", "excluded"]
}

_covers(recorder) if recorder.allTypes == true

_covers(recorder) if {
	recorder.allTypes == false
	is_array(recorder.types)
	is_array(recorder.excluded)
	count(_missing(recorder)) == 0
}

_missing(recorder) := sort([type |
	some type in input.parameters.resourceTypes
	not _recorded(recorder, type)
])

_recorded(recorder, type) if type in recorder.types

_recorded(recorder, type) if {
	recorder.excluding == true
	not type in recorder.excluded
}

_recorded(recorder, _) if recorder.allTypes == true

_message(recorder) := sprintf("not recorded: %s", [concat(", ", _missing(recorder))])
