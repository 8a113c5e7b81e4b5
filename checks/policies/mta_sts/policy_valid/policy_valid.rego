# METADATA
# title: The policy has every required key
# description: A policy that does not parse is no policy.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-10]
#   reference: [STS-06]
#   evidence: [derived.mta_sts]
#   expected: version, mode, max_age and mx
#   citations: ["RFC 8461 3.2"]
#   remediation: |
#     Serve "version: STSv1", "mode: enforce", one "mx:" line per MX host and "max_age: 1209600", each on a line of its own.
package policies.mta_sts.policy_valid

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.mta_sts")
	domain.receives
	domain.record.valid
}

deny contains evidence.finding_with(domain, "fetch.reason", _message(domain), {
	"observed": evidence.shown(domain, "fetch.reason"),
}) if {
	some domain in resources
	not _parsed(domain)
}

_parsed(domain) if domain.policy.mode

_message(domain) := domain.fetch.detail if is_string(domain.fetch.detail)

else := "there is no valid policy"
