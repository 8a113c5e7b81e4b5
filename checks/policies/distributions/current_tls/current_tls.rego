# METADATA
# title: Mail hosts on CloudFront take current TLS only
# description: >-
#   The default certificate of CloudFront takes TLS 1.0, and older policies weak suites.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-11]
#   reference: [EDG-02]
#   evidence: [aws_cloudfront_distribution, derived.web_host]
#   expected: a certificate of one's own with minimum_protocol_version of the parameter
#   parameters:
#     protocolVersions: {default: [TLSv1.2_2021, TLSv1.2_2025, TLSv1.3_2025], stricter: subset, description: Security policies of CloudFront that are current}
#     mailHosts: {default: [], kind: declaration, description: "Hosts of mail by other names: of preferences, of tracking links, of unsubscription"}
#   remediation: |
#     CDKTF and Terraform: set viewer_certificate { acm_certificate_arn, ssl_support_method = "sni-only", minimum_protocol_version = "TLSv1.2_2021" }.
#     AWS CLI: aws cloudfront update-distribution --id ID --distribution-config file://config.json
package policies.distributions.current_tls

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

deny contains evidence.finding_with(distribution, "viewer_certificate.minimum_protocol_version", "older TLS is taken", {
	"restsOn": [rest | some rest in _rests(distribution)],
	"expected": concat(" or ", input.parameters.protocolVersions),
}) if {
	some distribution in resources
	not _current(distribution)
}

_current(distribution) if {
	distribution.viewer_certificate.minimum_protocol_version in input.parameters.protocolVersions
	not distribution.viewer_certificate.cloudfront_default_certificate == true
}
