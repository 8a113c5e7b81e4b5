# METADATA
# title: Mail hosts answer over HTTPS only
# description: >-
#   A policy or a preference read over plain HTTP can be changed on the way.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-11]
#   reference: [EDG-02]
#   evidence: [aws_cloudfront_distribution, derived.web_host]
#   expected: viewer_protocol_policy https-only or redirect-to-https on every behavior
#   parameters:
#     mailHosts: {default: [], kind: declaration, description: "Hosts of mail by other names: of preferences, of tracking links, of unsubscription"}
#   remediation: |
#     CDKTF and Terraform: set viewer_protocol_policy = "https-only" on every cache behavior of the aws_cloudfront_distribution.
#     AWS CLI: aws cloudfront update-distribution --id ID --distribution-config file://config.json
package policies.distributions.https_only

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

deny contains evidence.finding_with(
	distribution,
	"default_cache_behavior.viewer_protocol_policy",
	"the host answers over plain HTTP",
	{"restsOn": [rest | some rest in _rests(distribution)]},
) if {
	some distribution in resources
	not _default_https(distribution)
}

_default_https(distribution) if _https(distribution.default_cache_behavior)

deny contains evidence.finding_with(distribution, "ordered_cache_behavior", "a path answers over plain HTTP", {
	"restsOn": [rest | some rest in _rests(distribution)],
}) if {
	some distribution in resources
	not _every_https(distribution)
}

_https(behavior) if behavior.viewer_protocol_policy in ["https-only", "redirect-to-https"]

_every_https(distribution) if evidence.unset(distribution, "ordered_cache_behavior")

_every_https(distribution) if {
	every behavior in distribution.ordered_cache_behavior {
		_https(behavior)
	}
}
