# METADATA
# title: A domain with policy reject signs with DKIM and does not rely on SPF alone
# description: SPF breaks on forwarding; under reject such mail is lost unless a signature carries it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12, TEC-07]
#   reference: [DMARC-14]
#   evidence: [derived.dkim, derived.dmarc, derived.message]
#   expected: a usable DKIM key, and an aligned signature on each sample message
#   citations: ["RFC 9989 7.4"]
#   remediation: |
#     Publish a DKIM key and have every service sign with d= of your domain before p=reject.
package policies.dmarc.reject_with_dkim

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dkim")
	domain.sends
	some policy in evidence.of("derived.dmarc")
	policy._id == domain._id
	policy.effectivePolicy == "reject"
}

deny contains evidence.finding_with(domain, "usable", "the policy is reject and no usable DKIM key was found", {
	"observed": evidence.shown(domain, "declared"),
}) if {
	some domain in resources
	not _signs(domain)
}

_signs(domain) if count(domain.usable) > 0

deny contains evidence.finding_with(domain, "asked", "a sample message carries no aligned signature that verifies", {
	"observed": evidence.shown(message, "stream"),
}) if {
	some domain in resources
	some message in evidence.of("derived.message")
	message.domain == domain._id
	message.sampled
	not message.alignedDkim
}
