# METADATA
# title: DKIM key records are well formed
# description: A record that does not parse verifies nothing.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12]
#   reference: [DKIM-03]
#   evidence: [derived.dkim_selector]
#   expected: one record with a key of its type
#   citations: ["RFC 6376 3.6.1"]
#   remediation: |
#     DNS: publish the record again exactly as the sending service gives it; long keys are split into strings, not into records.
package policies.dkim.keys_well_formed

import data.policies.lib.evidence

resources contains selector if {
	some selector in evidence.of("derived.dkim_selector")
	selector.found
}

deny contains evidence.finding_with(selector, "key.error", _message(selector), {
	"observed": sprintf("%v records", [evidence.shown(selector, "recordCount")]),
}) if {
	some selector in resources
	not _well_formed(selector)
}

_well_formed(selector) if selector.key.wellFormed

_message(selector) := selector.key.error if is_string(selector.key.error)

else := "the selector holds several records, whose outcome is undefined"
