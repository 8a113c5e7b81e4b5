# METADATA
# title: Each selector holds a single record
# description: With several records at a selector the result at receivers is undefined.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [DKIM-08]
#   evidence: [derived.dkim_selector]
#   expected: exactly one TXT record
#   citations: ["RFC 6376 3.6.2.2"]
#   remediation: |
#     DNS: leave one TXT record at the selector.
package policies.dkim.single_record

import data.policies.lib.evidence

resources contains selector if {
	some selector in evidence.of("derived.dkim_selector")
	selector.found
}

deny contains evidence.finding_with(selector, "recordCount", "several TXT records stand at the selector", {
	"observed": evidence.shown(selector, "recordCount"),
}) if {
	some selector in resources
	not selector.recordCount == 1
}
