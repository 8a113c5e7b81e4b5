# METADATA
# title: Every sending identity signs with DKIM
# description: Unsigned mail can be changed on the way, fails DMARC where it is forwarded, and is taken for forged.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-12, TEC-07]
#   reference: [SES-01]
#   evidence: [derived.identity_dkim]
#   expected: signing on, and SES finds the published keys
#   remediation: |
#     CDKTF and Terraform: publish the three tokens of dkim_signing_attributes as aws_route53_record of type CNAME at TOKEN._domainkey.DOMAIN; with the older API add an aws_ses_domain_dkim first.
#     AWS CLI: aws sesv2 put-email-identity-dkim-attributes --email-identity NAME --signing-enabled
package policies.sending.dkim_signs

import data.policies.lib.evidence

resources contains identity if some identity in evidence.of("derived.identity_dkim")

deny contains evidence.finding_with(identity, "signs", "mail of this identity goes out without a valid signature", {
	"observed": evidence.shown(identity, "why"),
}) if {
	some identity in resources
	not identity.signs == true
}
