# METADATA
# title: Public zones are signed
# description: >-
#   Without DNSSEC whoever can answer in the zone's stead can take the mail.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-13]
#   reference: [EDG-03]
#   evidence: [aws_route53_zone, aws_route53_hosted_zone_dnssec]
#   expected: an aws_route53_hosted_zone_dnssec with signing_status SIGNING for each public zone
#   remediation: |
#     CDKTF and Terraform: add an aws_route53_key_signing_key and an aws_route53_hosted_zone_dnssec for the zone, then publish the DS record at the parent.
#     AWS CLI: aws route53 enable-hosted-zone-dnssec --hosted-zone-id ID
package policies.zones.signed

import data.policies.lib.evidence

resources contains zone if {
	some zone in evidence.of("aws_route53_zone")
	count(object.get(zone, "vpc", [])) == 0
}

deny contains evidence.finding_with(zone, "signing", "the zone is not signed", {"restsOn": _candidates(zone)}) if {
	some zone in resources
	not _signed(zone)
}

_signed(zone) if {
	some signing in evidence.of("aws_route53_hosted_zone_dnssec")
	_names(signing, zone)
	_signs(signing)
}

_names(signing, zone) if evidence.refers(signing, "hosted_zone_id", zone)

_names(signing, zone) if signing.hosted_zone_id == zone.zone_id

_signs(signing) if signing.signing_status == "SIGNING"

# The provider's default.
_signs(signing) if evidence.unset(signing, "signing_status")

_candidates(zone) := array.concat(
	[{"id": signing._id, "path": "signing_status"} |
		some signing in evidence.of("aws_route53_hosted_zone_dnssec")
		_names(signing, zone)
	],
	[{"id": signing._id, "path": "hosted_zone_id"} |
		some signing in evidence.of("aws_route53_hosted_zone_dnssec")
		evidence.may_refer(signing, "hosted_zone_id")
		count(object.get(signing, ["_references", "hosted_zone_id"], [])) == 0
	],
)
