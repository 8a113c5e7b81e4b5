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
#   evidence: [aws_sesv2_configuration_set, aws_sesv2_configuration_set_event_destination]
#   expected: enabled destinations other than CloudWatch that list every event type
#   parameters:
#     eventTypes: {default: [SEND, DELIVERY, BOUNCE, COMPLAINT, REJECT, RENDERING_FAILURE, DELIVERY_DELAY], stricter: superset, description: Event types that must be published}
#   remediation: |
#     CDKTF and Terraform: add an aws_sesv2_configuration_set_event_destination with enabled = true and every type in matching_event_types, to Firehose, SNS or EventBridge.
#     AWS CLI: aws sesv2 create-configuration-set-event-destination --configuration-set-name NAME ...
package policies.sending.events_published

import data.policies.lib.evidence

resources contains set if some set in evidence.of("aws_sesv2_configuration_set")

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
	some destination in _destinations(set)
	destination.event_destination.enabled == true
	_keeps_events(destination)
	some type in destination.event_destination.matching_event_types
}

_keeps_events(destination) if {
	some sink in ["kinesis_firehose_destination", "sns_destination", "event_bridge_destination"]
	destination.event_destination[sink]
}

# Destinations of the set whose events are unknown, and destinations that may be the set's.
_candidates(set) := array.concat(
	[{"id": destination._id, "path": path} |
		some destination in _destinations(set)
		some path in ["event_destination.enabled", "event_destination.matching_event_types"]
	],
	[stray | some stray in _strays],
)

_strays := [{"id": destination._id, "path": "configuration_set_name"} |
	some destination in evidence.of("aws_sesv2_configuration_set_event_destination")
	evidence.may_refer(destination, "configuration_set_name")
]

_destinations(set) := [_all[at] | some at in {at | some name in evidence.identities(set); some at in _named[name]}]

_all := evidence.of("aws_sesv2_configuration_set_event_destination")

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
