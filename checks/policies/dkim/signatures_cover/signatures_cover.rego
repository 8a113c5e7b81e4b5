# METADATA
# title: Signatures verify and cover the headers that matter
# description: A header outside the signature can be changed on the way; with l= text can be added.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-07, TEC-12, OUC-01, CSP-01]
#   reference: [DKIM-11]
#   evidence: [derived.message]
#   expected: rsa-sha256 or ed25519-sha256 over From, Subject, Date and To, for bulk mail also List-Unsubscribe and List-Unsubscribe-Post, without l=
#   citations: ["RFC 6376 3.5", "RFC 6376 5.4", "RFC 8058 4", "RFC 8301 3.1"]
#   remediation: |
#     Have the service sign these headers with rsa-sha256 and without l=; give a sample message of each stream.
package policies.dkim.signatures_cover

import data.policies.lib.evidence

resources contains message if {
	some message in evidence.of("derived.message")
	message.sends
}

deny contains evidence.finding(message, "sampled", "no sample message was given") if {
	some message in resources
	not message.sampled
}

# Any other signature may be broken: one that is sound is enough.
deny contains evidence.finding_with(message, _path(message), _message(message), {
	"observed": evidence.shown(message, "signatures"),
}) if {
	some message in resources
	message.sampled
	not _sound(message)
}

_sound(message) if {
	some signature in message.signatures
	signature.verified == true
	signature.algorithm in _algorithms
	not signature.bodyLimit
	count(signature.uncovered) == 0
}

_algorithms := {"rsa-sha256", "ed25519-sha256"}

# What could not be verified stays open; what verifies and leaves something out is certain.
_path(message) := "signatures" if {
	message.verified
} else := "verified"

_message(message) := "a signature leaves out headers, limits the body or uses a weak hash" if {
	message.verified
} else := "no signature verifies"
