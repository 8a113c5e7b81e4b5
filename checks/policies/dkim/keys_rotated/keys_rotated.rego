# METADATA
# title: DKIM keys are rotated at least twice a year
# description: The longer a key signs, the more it is worth to whoever breaks or steals it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12, TEC-07]
#   reference: [DKIM-09]
#   evidence: [derived.dkim_key_age]
#   expected: a key of at most 180 days
#   citations: ["RFC 6376 3.1"]
#   parameters:
#     max_age_days:
#       default: 180
#       stricter: lower
#       description: Days that a key may be in use
#   remediation: |
#     Have the service make a new key under a new selector, publish it, and empty the old one after a week.
package policies.dkim.keys_rotated

import data.policies.lib.evidence

resources contains key if {
	some key in evidence.of("derived.dkim_key_age")
	key.sends
}

deny contains evidence.finding_with(key, "ageDays", "the key is older than half a year, or its age is not known", {
	"observed": evidence.shown(key, "ageDays"),
}) if {
	some key in resources
	not _young(key)
}

_young(key) if evidence.at_most(key, "ageDays", input.parameters.max_age_days)

# A key other than the one that was known is newer than that.
_young(key) if key.replaced
