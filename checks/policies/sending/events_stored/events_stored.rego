# METADATA
# title: Delivery events end in an encrypted store that keeps them for six years
# description: Events that reach a topic or a function only are gone once they are read; what was sent to whom can then be shown to nobody.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-05, TEC-04, TEC-06]
#   reference: [SES-08]
#   evidence: [derived.event_store]
#   expected: a bucket or log group that keeps for 2192 days, with a customer managed key on every hop
#   parameters:
#     retentionDays: {default: 2192, stricter: higher, description: Days that events are kept}
#   remediation: |
#     CDKTF and Terraform: add an event destination to an encrypted aws_kinesis_firehose_delivery_stream whose bucket is encrypted with an aws_kms_key and has no rule that deletes before 2192 days.
#     AWS CLI: aws sesv2 create-configuration-set-event-destination --configuration-set-name NAME --event-destination-name store --event-destination file://firehose.json
package policies.sending.events_stored

import data.policies.lib.evidence

resources contains set if some set in evidence.of("derived.event_store")

deny contains evidence.finding_with(set, "keptDays", "no path ends in an encrypted store that keeps events for long", {
	"observed": {"keptDays": evidence.shown(set, "keptDays"), "lacks": evidence.shown(set, "lacks")},
	"expected": sprintf("at least %d days", [input.parameters.retentionDays]),
	"restsOn": [{"id": set._id, "path": path} | some path in ["more"]],
}) if {
	some set in resources
	not evidence.at_least(set, "keptDays", input.parameters.retentionDays)
}
