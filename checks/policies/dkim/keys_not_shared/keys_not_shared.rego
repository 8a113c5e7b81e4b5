# METADATA
# title: No DKIM key is shared
# description: A key under two selectors, or of two domains, is one key that can be lost twice.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [DKIM-10]
#   evidence: [derived.dkim_keys]
#   expected: a key of its own under each selector of each domain
#   remediation: |
#     Have each service make a key of its own for each domain.
package policies.dkim.keys_not_shared

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dkim_keys")
	domain.sends
}

deny contains evidence.finding_with(domain, "sharedWith", "another domain publishes the same key", {
	"observed": evidence.shown(domain, "sharedWith"),
}) if {
	some domain in resources
	not _own(domain)
}

_own(domain) if count(domain.sharedWith) == 0

deny contains evidence.finding_with(domain, "shared", "two selectors hold one key", {
	"observed": evidence.shown(domain, "shared"),
}) if {
	some domain in resources
	not _apart(domain)
}

_apart(domain) if {
	count(domain.shared) == 0
	domain.sharedKnown
}
