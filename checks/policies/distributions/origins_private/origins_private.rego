# METADATA
# title: Buckets behind mail hosts are reached through CloudFront alone
# description: >-
#   Origin access control signs what CloudFront asks for, so that the bucket need not be public.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-14, ADM-07]
#   reference: [EDG-02]
#   evidence: [aws_cloudfront_distribution, derived.web_host]
#   expected: origin_access_control_id on each S3 origin
#   parameters:
#     mailHosts: {default: [], kind: declaration, description: "Hosts of mail by other names: of preferences, of tracking links, of unsubscription"}
#   remediation: |
#     CDKTF and Terraform: add an aws_cloudfront_origin_access_control and set origin_access_control_id on the S3 origin.
#     AWS CLI: aws cloudfront update-distribution --id ID --distribution-config file://config.json
package policies.distributions.origins_private

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

deny contains evidence.finding_with(distribution, "origin", "a bucket is reached without origin access control", {
	"restsOn": [rest | some rest in _rests(distribution)],
}) if {
	some distribution in resources
	not _private(distribution)
}

_private(distribution) if {
	is_array(distribution.origin)
	every index, origin in distribution.origin {
		_guarded(distribution, origin, index)
	}
}

# Servers of one's own are no buckets.
_guarded(_, origin, _) if origin.custom_origin_config

_guarded(_, origin, _) if is_string(origin.origin_access_control_id)

_guarded(distribution, _, index) if {
	path := sprintf("origin.%d.origin_access_control_id", [index])
	some id in object.get(distribution, ["_references", path], [])
	contains(id, "aws_cloudfront_origin_access_control")
}
