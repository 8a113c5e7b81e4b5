# METADATA
# title: Open and click tracking is off
# description: Tracking rewrites links and loads pixels, so that who opened which health message is recorded and passed on.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-03, PRV-11, PRV-13]
#   reference: [SES-06, TRK-004]
#   evidence: [aws_sesv2_configuration_set, aws_sesv2_configuration_set_event_destination, aws_ses_configuration_set, aws_ses_event_destination, derived.ses_engagement]
#   expected: no OPEN or CLICK events, no redirect domain, no engagement metrics
#   remediation: |
#     CDKTF and Terraform: leave OPEN and CLICK out of matching_event_types (open and click out of matching_types of aws_ses_event_destination), remove tracking_options, and set vdm_options.dashboard_options.engagement_metrics, and dashboard_attributes.engagement_metrics of the account, to DISABLED.
#     AWS CLI: aws sesv2 update-configuration-set-event-destination and aws sesv2 put-configuration-set-vdm-options, and aws sesv2 put-account-vdm-attributes
package policies.sending.tracking_disabled

import data.policies.lib.evidence

resources contains item if {
	some kind in [
		"aws_sesv2_configuration_set",
		"aws_sesv2_configuration_set_event_destination",
		"aws_ses_configuration_set",
		"aws_ses_event_destination",
		"derived.ses_engagement",
	]
	some item in evidence.of(kind)
}

deny contains evidence.finding(
	set,
	"tracking_options.custom_redirect_domain",
	"links are rewritten through a redirect domain",
) if {
	some kind in ["aws_sesv2_configuration_set", "aws_ses_configuration_set"]
	some set in evidence.of(kind)
	not evidence.unset(set, "tracking_options.custom_redirect_domain")
}

deny contains evidence.finding(
	set,
	"vdm_options.dashboard_options.engagement_metrics",
	"engagement metrics track opens and clicks",
) if {
	some set in evidence.of("aws_sesv2_configuration_set")
	not _no_engagement(set)
}

deny contains evidence.finding(
	destination,
	"event_destination.matching_event_types",
	"open or click events are recorded",
) if {
	some destination in evidence.of("aws_sesv2_configuration_set_event_destination")
	not _no_tracking(destination)
}

deny contains evidence.finding(destination, "matching_types", "open or click events are recorded") if {
	some destination in evidence.of("aws_ses_event_destination")
	not _no_older_tracking(destination)
}

deny contains evidence.finding(
	account,
	"off",
	"engagement metrics of the account track opens and clicks",
) if {
	some account in evidence.of("derived.ses_engagement")
	not account.off == true
}

_no_engagement(set) if evidence.unset(set, "vdm_options.dashboard_options.engagement_metrics")

_no_engagement(set) if set.vdm_options.dashboard_options.engagement_metrics == "DISABLED"

_no_tracking(destination) if {
	types := {type | some type in destination.event_destination.matching_event_types}
	count(types & {"OPEN", "CLICK"}) == 0
	is_array(destination.event_destination.matching_event_types)
}

_no_tracking(destination) if destination.event_destination.enabled == false

_no_older_tracking(destination) if {
	types := {type | some type in destination.matching_types}
	count(types & {"open", "click"}) == 0
	is_array(destination.matching_types)
}

_no_older_tracking(destination) if destination.enabled == false
