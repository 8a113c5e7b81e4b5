# METADATA
# title: Each use of SES to send is recorded
# description: >-
#   Calls that send are data events: a trail leaves them out unless its advanced selectors ask for them. Where a set
#   publishes every event, that tells of the messages but not of who called.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-05]
#   reference: [CT-04]
#   evidence: [derived.trail, aws_sesv2_configuration_set, aws_sesv2_configuration_set_event_destination]
#   expected: advanced selectors for AWS::SES::EmailIdentity and AWS::SES::ConfigurationSet on a logging trail
#   remediation: |
#     CDKTF and Terraform: add to the aws_cloudtrail one advanced_event_selector each with eventCategory Data and resources.type AWS::SES::EmailIdentity and AWS::SES::ConfigurationSet.
#     AWS CLI: aws cloudtrail put-event-selectors --trail-name NAME --advanced-event-selectors file://selectors.json
package policies.trails.sending_recorded

import data.policies.lib.evidence

resources contains trail if {
	some trail in evidence.of("derived.trail")
	_whole(trail)
}

resources contains trail if {
	some trail in evidence.of("derived.trail")
	not _any
}

deny contains evidence.finding_with(trail, path, "the trail does not record the use of SES to send", {
	"restsOn": _others(trail),
	"severity": _severity(trail),
}) if {
	some trail in resources
	not _whole(trail)
	some path in ["logging", "sesTypes"]
	not _holds(trail, path)
}

deny contains evidence.finding_with(trail, "exists", "the account has no trail", {"severity": _severity(trail)}) if {
	some trail in resources
	not trail.exists == true
}

_any if {
	some trail in evidence.of("derived.trail")
	_whole(trail)
}

_whole(trail) if {
	trail.exists == true
	_holds(trail, "logging")
	_holds(trail, "sesTypes")
}

_holds(trail, "logging") if trail.logging == true

_holds(trail, "sesTypes") if {
	count({"AWS::SES::ConfigurationSet", "AWS::SES::EmailIdentity"} - {type | some type in trail.sesTypes}) == 0
}

# Event publishing of every set covers the messages themselves; that its store holds is judged by its own checks.
_severity(_) := "low" if {
	count(evidence.of("aws_sesv2_configuration_set")) > 0
	every set in evidence.of("aws_sesv2_configuration_set") {
		count({"SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE"} - _published(set)) == 0
	}
} else := "medium"

_published(set) := {type |
	some name in evidence.identities(set)
	some type in _published_to[name]
}

_published_to[name] contains type if {
	some destination in evidence.of("aws_sesv2_configuration_set_event_destination")
	some name in evidence.names_at(destination, "configuration_set_name")
	destination.event_destination.enabled == true
	some sink in ["kinesis_firehose_destination", "sns_destination", "event_bridge_destination"]
	destination.event_destination[sink]
	some type in destination.event_destination.matching_event_types
}

_others(trail) := [{"id": other._id, "path": path} |
	some other in evidence.of("derived.trail")
	other._id != trail._id
	some path in ["logging", "sesTypes"]
]
