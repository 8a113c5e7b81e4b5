# METADATA
# title: Mail hosts on CloudFront log who called
# description: >-
#   Who fetched a policy or followed a link is a fact that an inquiry may need.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-05]
#   reference: [EDG-02]
#   evidence: [aws_cloudfront_distribution, aws_cloudwatch_log_delivery_source, derived.web_host]
#   expected: logging_config, or a log delivery source of the distribution
#   parameters:
#     mailHosts: {default: [], kind: declaration, description: "Hosts of mail by other names: of preferences, of tracking links, of unsubscription"}
#   remediation: |
#     CDKTF and Terraform: add an aws_cloudwatch_log_delivery_source with log_type ACCESS_LOGS and resource_arn of the distribution, with its destination and delivery; or logging_config with a bucket.
#     AWS CLI: aws logs put-delivery-source --name NAME --resource-arn ARN --log-type ACCESS_LOGS
package policies.distributions.logged

import data.policies.lib.evidence

resources contains distribution if {
	some distribution in evidence.of("aws_cloudfront_distribution")
	not _elsewhere(distribution)
}

# Left out only where it is known that none of its hosts is one of mail.
_elsewhere(distribution) if {
	some host in evidence.of("derived.web_host")
	host.resource == distribution._id
	host.serves == false
	count({name | some name in host.hosts} & {lower(name) | some name in input.parameters.mailHosts}) == 0
}

_rests(distribution) := [{"id": host._id, "path": "serves"} |
	some host in evidence.of("derived.web_host")
	host.resource == distribution._id
]

deny contains evidence.finding_with(distribution, "logging_config.bucket", "calls are not logged", {
	"restsOn": [rest | some rest in array.concat(_rests(distribution), _candidates)],
}) if {
	some distribution in resources
	not _logged(distribution)
}

_logged(distribution) if evidence.is_set(distribution, "logging_config.bucket")

_logged(distribution) if count(object.get(distribution, ["_references", "logging_config.bucket"], [])) > 0

_logged(distribution) if {
	some source in evidence.of("aws_cloudwatch_log_delivery_source")
	source.log_type == "ACCESS_LOGS"
	evidence.refers(source, "resource_arn", distribution)
}

_candidates := [{"id": source._id, "path": "resource_arn"} |
	some source in evidence.of("aws_cloudwatch_log_delivery_source")
	evidence.may_refer(source, "resource_arn")
	count(object.get(source, ["_references", "resource_arn"], [])) == 0
]
