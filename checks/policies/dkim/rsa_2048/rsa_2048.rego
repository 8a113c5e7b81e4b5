# METADATA
# title: RSA keys have at least 2048 bits
# description: Shorter keys can be broken; receivers already ignore those below 1024 bits.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-07, TEC-12]
#   reference: [DKIM-04]
#   evidence: [derived.dkim_selector]
#   expected: at least 2048 bits
#   citations: ["RFC 8301 3.2"]
#   parameters:
#     minKeyBits: {default: 2048, stricter: higher, description: Bits of the modulus}
#   remediation: |
#     Make a new 2048-bit key under a new selector, switch the sender to it, then remove the old one. Amazon SES: aws sesv2 put-email-identity-dkim-signing-attributes with NextSigningKeyLength=RSA_2048_BIT.
package policies.dkim.rsa_2048

import data.policies.lib.evidence

resources contains selector if {
	some selector in evidence.of("derived.dkim_selector")
	selector.key.keyType == "rsa"
	selector.key.wellFormed
	not selector.key.revoked
}

deny contains evidence.finding(selector, "key.bits", "the key is short") if {
	some selector in resources
	not _long(selector)
}

_long(selector) if evidence.at_least(selector, "key.bits", input.parameters.minKeyBits)
