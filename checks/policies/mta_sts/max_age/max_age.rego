# METADATA
# title: The policy lives long enough to protect
# description: Senders forget a policy when it ends; an attacker only has to wait.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-10]
#   reference: [STS-07]
#   evidence: [derived.mta_sts]
#   expected: at least 1209600 seconds in enforce mode, 86400 in testing
#   citations: ["RFC 8461 3.2"]
#   remediation: |
#     Set max_age to 1209600 (two weeks) or more in the policy file and change the id of the DNS record.
package policies.mta_sts.max_age

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.mta_sts")
	domain.receives
	domain.record.valid
	not _none(domain)
}

_none(domain) if domain.policy.mode == "none"

# Without a policy, that is judged elsewhere; a policy that could not be fetched stays a gap here.
_none(domain) if domain.fetch.status == "invalid"

deny contains evidence.finding(domain, "policy.maxAgeSeconds", "the policy is forgotten soon") if {
	some domain in resources
	not _long(domain)
}

_long(domain) if {
	domain.policy.mode == "enforce"
	evidence.at_least(domain, "policy.maxAgeSeconds", 1209600)
}

_long(domain) if {
	domain.policy.mode == "testing"
	evidence.at_least(domain, "policy.maxAgeSeconds", 86400)
}
