# METADATA
# title: Every delegated selector ends at a live key
# description: A selector that points at nothing signs nothing, and whoever claims the name at the provider may sign instead.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12, BAA-05]
#   reference: [DKIM-02]
#   evidence: [derived.dkim_delegation]
#   expected: an alias that ends at exactly one key
#   citations: ["RFC 6376 3.6.2"]
#   remediation: |
#     DNS: renew the alias from the pages of the service, or delete it if the service is no longer used.
package policies.dkim.delegations_live

import data.policies.lib.evidence

resources contains selector if {
	some selector in evidence.of("derived.dkim_delegation")
	selector.sends
}

deny contains evidence.finding_with(selector, "keys", _message(selector), {
	"observed": evidence.shown(selector, "target"),
}) if {
	some selector in resources
	not selector.keys == 1
}

_message(selector) := "the target of the alias does not exist" if {
	selector.missing
} else := "the target of the alias holds no key" if {
	selector.keys == 0
} else := "the target of the alias holds several keys"
