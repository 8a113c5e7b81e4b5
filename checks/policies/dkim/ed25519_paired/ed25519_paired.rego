# METADATA
# title: Ed25519 keys are correct and paired with an RSA key
# description: Not every receiver verifies Ed25519; an RSA key beside it keeps signatures readable for all.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [DKIM-05]
#   evidence: [derived.dkim_keys]
#   expected: 44 characters of base64, and an RSA key under another selector
#   citations: ["RFC 8463 3", "RFC 8463 4"]
#   remediation: |
#     DNS: publish the raw 32 octets of the key as base64, and sign with an RSA key under a second selector as well.
package policies.dkim.ed25519_paired

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dkim_keys")
	domain.sends
	_arises(domain)
}

_arises(domain) if count(domain.ed25519) + count(domain.ed25519Faults) > 0

_arises(domain) if not domain.ed25519Known

deny contains evidence.finding(domain, "ed25519", "not every selector could be looked up") if {
	some domain in resources
	not domain.ed25519Known
}

deny contains evidence.finding_with(domain, "ed25519Faults", "an Ed25519 key cannot be read", {
	"observed": evidence.shown(key, "selector"),
}) if {
	some domain in resources
	some key in domain.ed25519Faults
}

deny contains evidence.finding_with(domain, "rsa", "no RSA key stands beside the Ed25519 key", {
	"observed": evidence.shown(domain, "ed25519"),
}) if {
	some domain in resources
	count(domain.ed25519) > 0
	count(domain.rsa) == 0
}
