# METADATA
# title: No SPF type 99 or Sender ID record is left over
# description: Records of the old forms are read by nobody and drift apart from the one that counts.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [SPF-13]
#   evidence: [derived.spf]
#   expected: no record of type 99 and no TXT that begins with spf2.0/
#   citations: ["RFC 7208 3.1"]
#   remediation: |
#     DNS: delete the record of type SPF and the TXT record that begins with spf2.0/.
package policies.spf.no_leftovers

import data.policies.lib.evidence

resources contains domain if some domain in evidence.of("derived.spf")

deny contains evidence.finding(domain, "leftovers.status", "the records could not be read") if {
	some domain in resources
	not domain.leftovers.status == "complete"
}

deny contains evidence.finding_with(
	domain,
	"leftovers.type99",
	"a record of the withdrawn type SPF (99) is published",
	{
		"observed": evidence.shown(domain, "leftovers.type99"),
	},
) if {
	some domain in resources
	count(domain.leftovers.type99) > 0
}

deny contains evidence.finding_with(domain, "leftovers.spf2", "a Sender ID record is published", {
	"observed": evidence.shown(domain, "leftovers.spf2"),
}) if {
	some domain in resources
	count(domain.leftovers.spf2) > 0
}
