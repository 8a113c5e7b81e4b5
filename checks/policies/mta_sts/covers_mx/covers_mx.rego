# METADATA
# title: The policy covers every MX host
# description: Mail to a host that no pattern covers is refused by senders that honour the policy.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-10]
#   reference: [STS-09]
#   evidence: [derived.mta_sts]
#   expected: each MX host matched by an mx pattern
#   citations: ["RFC 8461 4.1"]
#   remediation: |
#     Add an "mx:" line for the host named in the finding to the policy file and change the id of the DNS record. "*." stands for exactly one label.
package policies.mta_sts.covers_mx

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.mta_sts")
	domain.receives
	domain.record.valid
	not _no_patterns(domain)
}

_no_patterns(domain) if domain.policy.mode == "none"

_no_patterns(domain) if domain.fetch.status == "invalid"

deny contains evidence.finding(
	domain,
	"policy.uncovered",
	"senders that honour the policy do not deliver to these hosts",
) if {
	some domain in resources
	not _covered(domain)
}

_covered(domain) if count(domain.policy.uncovered) == 0
