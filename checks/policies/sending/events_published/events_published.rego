# METADATA
# title: Every configuration set publishes all delivery events
# description: Events are the record of what was sent, delivered, bounced and complained of; without them nothing can be examined.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-05, ADM-04]
#   reference: [SES-07]
#   evidence: [aws_sesv2_configuration_set, aws_sesv2_configuration_set_event_destination, aws_ses_configuration_set, aws_ses_event_destination]
#   expected: enabled destinations other than CloudWatch that list every event type
#   parameters:
#     eventTypes: {default: [SEND, DELIVERY, BOUNCE, COMPLAINT, REJECT, RENDERING_FAILURE, DELIVERY_DELAY], stricter: superset, description: Event types that must be published}
#   remediation: |
#     CDKTF and Terraform: add an aws_sesv2_configuration_set_event_destination with enabled = true and every type in matching_event_types, to Firehose, SNS or EventBridge. The older aws_ses_event_destination knows no DELIVERY_DELAY.
#     AWS CLI: aws sesv2 create-configuration-set-event-destination --configuration-set-name NAME ...
package policies.sending.events_published

import data.policies.lib.evidence

resources contains set if {
	some kind in ["aws_sesv2_configuration_set", "aws_ses_configuration_set"]
	some set in evidence.of(kind)
}

deny contains evidence.finding_with(set, "event_destination", _message(set), {
	"observed": sort([type | some type in _published(set)]),
	"expected": sprintf("each of %s, not to CloudWatch alone", [concat(", ", input.parameters.eventTypes)]),
	"restsOn": _candidates(set),
}) if {
	some set in resources
	not _complete(set)
}

_complete(set) if {
	wanted := {type | some type in input.parameters.eventTypes}
	count(wanted - _published(set)) == 0
}

# Types that reach a destination which keeps whole events: CloudWatch keeps counts only.
_published(set) := {type |
	some at in _places(set)
	some type in _events[at]
}

# Made once for each destination, however many ask.
_events[at] := types if {
	some at, destination in _all
	destination.event_destination.enabled == true
	some sink in ["kinesis_firehose_destination", "sns_destination", "event_bridge_destination"]
	destination.event_destination[sink]
	types := {type | some type in destination.event_destination.matching_event_types}
}

_events[at] := types if {
	some at, destination in _all
	destination.enabled == true
	some sink in ["kinesis_destination", "sns_destination"]
	destination[sink]
	types := {_newer[type] | some type in destination.matching_types}
}

# A set may have destinations of either API.
_paths := {
	"aws_sesv2_configuration_set_event_destination": [
		"event_destination.enabled",
		"event_destination.matching_event_types",
	],
	"aws_ses_event_destination": ["enabled", "matching_types"],
}

# Names of the older API.
_newer := {
	"send": "SEND",
	"reject": "REJECT",
	"bounce": "BOUNCE",
	"complaint": "COMPLAINT",
	"delivery": "DELIVERY",
	"open": "OPEN",
	"click": "CLICK",
	"renderingFailure": "RENDERING_FAILURE",
}

# Destinations of the set whose events are unknown, and destinations that may be the set's.
_candidates(set) := array.concat(
	[{"id": destination._id, "path": path} |
		some destination in _destinations(set)
		some path in _paths[destination._kind]
	],
	[stray | some stray in _strays],
)

_strays := [{"id": destination._id, "path": "configuration_set_name"} |
	some destination in _all
	evidence.may_refer(destination, "configuration_set_name")
]

_destinations(set) := [_all[at] | some at in _places(set)]

_places(set) := {at | some name in evidence.identities(set); some at in _named[name]}

_all := [destination |
	some kind, _ in _paths
	some destination in evidence.of(kind)
]

_named[name] contains at if {
	some at, destination in _all
	some name in evidence.names_at(destination, "configuration_set_name")
}

_message(set) := "no event of this set reaches a store" if {
	count(_published(set)) == 0
} else := sprintf("missing event types: %s", [concat(", ", _missing(set))])

_missing(set) := sort([type |
	some type in input.parameters.eventTypes
	not type in _published(set)
])
