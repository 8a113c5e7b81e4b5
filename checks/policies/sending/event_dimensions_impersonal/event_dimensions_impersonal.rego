# METADATA
# title: Event metrics carry no personal dimension
# description: The name of a metric is seen by everyone who may look at charts, and cannot be deleted.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PRV-11, CNT-01]
#   reference: [SES-10]
#   evidence: [aws_sesv2_configuration_set_event_destination, aws_ses_event_destination]
#   expected: dimensions of the allowed names, none from headers or links
#   parameters:
#     allowedDimensions: {default: ["ses:configuration-set", "ses:from-domain", "ses:caller-identity"], stricter: subset, description: Names of dimensions that say nothing of a person}
#   remediation: |
#     CDKTF and Terraform: use ses:configuration-set or ses:from-domain as dimension_name, with dimension_value_source MESSAGE_TAG.
#     AWS CLI: aws sesv2 update-configuration-set-event-destination --configuration-set-name NAME --event-destination-name NAME --event-destination file://destination.json
package policies.sending.event_dimensions_impersonal

import data.policies.lib.evidence

resources contains item if {
	some kind, path in _paths
	some item in evidence.of(kind)
	_used(item, path)
}

_paths := {
	"aws_sesv2_configuration_set_event_destination": "event_destination.cloud_watch_destination",
	"aws_ses_event_destination": "cloudwatch_destination",
}

_used(item, path) if evidence.is_set(item, path)

_used(item, path) if {
	some unknown in item._unknown
	startswith(concat("", [path, "."]), concat("", [unknown, "."]))
}

_used(item, path) if {
	some unknown in item._unknown
	startswith(unknown, concat("", [path, "."]))
}

default _path(_) := ""

_path(item) := _paths[item._kind]

deny contains evidence.finding(
	item,
	_path(item),
	"a dimension is not among the allowed ones, or holds an address",
) if {
	some item in resources
	not _impersonal(item)
}

_impersonal(item) if {
	dimensions := _dimensions(item)
	count(dimensions) > 0
	every dimension in dimensions {
		_harmless(dimension)
	}
	not _open(item)
}

# A value that only apply will tell might be an address.
_open(item) if {
	some unknown in item._unknown
	startswith(unknown, _paths[item._kind])
}

_dimensions(item) := item.event_destination.cloud_watch_destination.dimension_configuration

_dimensions(item) := item.cloudwatch_destination

_harmless(dimension) if {
	dimension.dimension_name in input.parameters.allowedDimensions
	not contains(_default(dimension), "@")
}

_default(dimension) := object.get(dimension, "default_dimension_value", object.get(dimension, "default_value", ""))
