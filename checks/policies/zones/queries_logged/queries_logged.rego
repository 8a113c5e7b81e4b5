# METADATA
# title: Public zones log their queries
# description: >-
#   A query log shows names that strangers try, and the last use of a record.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-04]
#   reference: [EDG-03]
#   evidence: [aws_route53_zone, aws_route53_query_log]
#   expected: an aws_route53_query_log for each public zone
#   remediation: |
#     CDKTF and Terraform: add an aws_route53_query_log with zone_id and cloudwatch_log_group_arn.
#     AWS CLI: aws route53 create-query-logging-config --hosted-zone-id ID --cloud-watch-logs-log-group-arn ARN
package policies.zones.queries_logged

import data.policies.lib.evidence

resources contains zone if {
	some zone in evidence.of("aws_route53_zone")
	count(object.get(zone, "vpc", [])) == 0
}

deny contains evidence.finding_with(zone, "query_log", "queries of the zone are not logged", {
	"restsOn": _candidates(zone),
}) if {
	some zone in resources
	not _logged(zone)
}

_logged(zone) if {
	some log in evidence.of("aws_route53_query_log")
	_names(log, zone)
}

_names(log, zone) if evidence.refers(log, "zone_id", zone)

_names(log, zone) if log.zone_id == zone.zone_id

_candidates(_) := [{"id": log._id, "path": "zone_id"} |
	some log in evidence.of("aws_route53_query_log")
	evidence.may_refer(log, "zone_id")
	count(object.get(log, ["_references", "zone_id"], [])) == 0
]
