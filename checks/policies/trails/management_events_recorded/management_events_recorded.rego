# METADATA
# title: A multi-Region trail records all management events
# description: >-
#   Who changed what is known only from a trail; one of a single Region, a stopped one, or one of writes alone
#   leaves gaps.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-05, ADM-04, NPR-14]
#   reference: [CT-01]
#   evidence: [derived.trail]
#   expected: a trail of all Regions that logs management events, reads and writes
#   remediation: |
#     CDKTF and Terraform: set is_multi_region_trail = true and enable_logging = true on the aws_cloudtrail, and let an advanced_event_selector have eventCategory Management without readOnly.
#     AWS CLI: aws cloudtrail update-trail --name NAME --is-multi-region-trail; aws cloudtrail start-logging --name NAME
package policies.trails.management_events_recorded

import data.policies.lib.evidence

# One trail that records everything is enough; without one, each trail is told what it lacks.
resources contains trail if {
	some trail in evidence.of("derived.trail")
	_whole(trail)
}

resources contains trail if {
	some trail in evidence.of("derived.trail")
	not _any
}

deny contains evidence.finding_with(trail, path, lack, {"restsOn": _others(trail)}) if {
	some trail in resources
	some path, lack in _lacks
	trail.exists == true
	not trail[path] == true
}

deny contains evidence.finding(trail, "exists", "the account has no trail") if {
	some trail in resources
	not trail.exists == true
}

deny contains evidence.finding(trail, "deliveryError", "the trail cannot deliver its log files") if {
	some trail in resources
	trail.exists == true
	evidence.is_set(trail, "deliveryError")
}

_any if {
	some trail in evidence.of("derived.trail")
	_whole(trail)
}

_whole(trail) if {
	trail.exists == true
	trail.multiRegion == true
	trail.logging == true
	trail.managementReads == true
	trail.managementWrites == true
	not evidence.is_set(trail, "deliveryError")
}

_lacks := {
	"multiRegion": "the trail records one Region only",
	"logging": "the trail is stopped",
	"managementReads": "reads of the management plane are not recorded",
	"managementWrites": "changes are not recorded",
}

# Another trail may turn out to record everything.
_others(trail) := [{"id": other._id, "path": path} |
	some other in evidence.of("derived.trail")
	other._id != trail._id
	some path in ["multiRegion", "logging", "managementReads", "managementWrites"]
]
