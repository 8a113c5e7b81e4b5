# METADATA
# title: Keys are not in test mode and allow a safe hash
# description: Receivers may ignore a key in test mode; a key limited to SHA-1 signs nothing that counts.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12]
#   reference: [DKIM-07]
#   evidence: [derived.dkim_selector]
#   expected: t without y, h absent or with sha256, s with * or email
#   citations: ["RFC 6376 3.6.1", "RFC 8301 3.1"]
#   remediation: |
#     DNS: remove t=y from the key record; remove h= or add sha256 to it.
package policies.dkim.not_testing

import data.policies.lib.evidence

resources contains selector if {
	some selector in evidence.of("derived.dkim_selector")
	selector.key.wellFormed
	not selector.key.revoked
}

deny contains evidence.finding(selector, "key.testing", "the key is in test mode") if {
	some selector in resources
	not _in_force(selector)
}

deny contains evidence.finding_with(selector, "key.hashes", object.get(issue, "message", issue.code), {
	"observed": object.get(selector.key, issue.code, issue.code),
}) if {
	some selector in resources
	some issue in selector.key.issues
	issue.code in {"hash", "service"}
}

_in_force(selector) if selector.key.testing == false
