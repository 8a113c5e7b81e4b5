# METADATA
# title: Event buses that may carry mail events are encrypted with a customer managed key
# description: >-
#   Mail events name recipients. The default bus has no key of its own; rules may pass its events on to these. Judged
#   where SES publishes to EventBridge.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-04]
#   reference: [EVB-01, KMS-01]
#   evidence: [aws_cloudwatch_event_bus, aws_sesv2_configuration_set_event_destination]
#   expected: kms_key_identifier of a customer managed key
#   remediation: |
#     CDKTF and Terraform: set kms_key_identifier on the aws_cloudwatch_event_bus.
#     AWS CLI: aws events update-event-bus --name NAME --kms-key-identifier KEY
package policies.event_buses.encrypted

import data.policies.lib.evidence

resources contains bus if {
	_carries
	some bus in evidence.of("aws_cloudwatch_event_bus")
}

deny contains evidence.finding(
	bus,
	"kms_key_identifier",
	"the bus is not encrypted with a customer managed key",
) if {
	some bus in resources
	not evidence.names_own_key(bus, "kms_key_identifier")
}

_carries if {
	some destination in evidence.of("aws_sesv2_configuration_set_event_destination")
	not evidence.unset(destination, "event_destination.event_bridge_destination")
}
