# METADATA
# title: Archives of event buses are encrypted with a customer managed key
# description: >-
#   An archive keeps what passed the bus: mail events with their recipients. Judged where SES publishes to EventBridge.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-04]
#   reference: [EVB-01, KMS-01]
#   evidence: [aws_cloudwatch_event_archive, aws_sesv2_configuration_set_event_destination]
#   expected: kms_key_identifier of a customer managed key
#   remediation: |
#     CDKTF and Terraform: set kms_key_identifier on the aws_cloudwatch_event_archive.
#     AWS CLI: aws events update-archive --archive-name NAME --kms-key-identifier KEY
package policies.event_buses.archives_encrypted

import data.policies.lib.evidence

resources contains archive if {
	_carries
	some archive in evidence.of("aws_cloudwatch_event_archive")
}

deny contains evidence.finding(
	archive,
	"kms_key_identifier",
	"the archive is not encrypted with a customer managed key",
) if {
	some archive in resources
	not evidence.names_own_key(archive, "kms_key_identifier")
}

_carries if {
	some destination in evidence.of("aws_sesv2_configuration_set_event_destination")
	not evidence.unset(destination, "event_destination.event_bridge_destination")
}
