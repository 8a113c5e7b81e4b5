# METADATA
# title: The policy is answered directly with status 200
# description: Redirects must not be followed, and every other status means that there is no policy.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-10]
#   reference: [STS-04]
#   evidence: [derived.mta_sts]
#   expected: status 200
#   citations: ["RFC 8461 3.3"]
#   remediation: |
#     Serve https://mta-sts.<domain>/.well-known/mta-sts.txt directly with status 200, as text/plain, without redirect.
package policies.mta_sts.policy_served

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.mta_sts")
	domain.receives
	domain.record.valid
}

deny contains evidence.finding_with(domain, "fetch.httpStatus", _message(domain), {"observed": _shown(domain)}) if {
	some domain in resources
	not _served(domain)
}

_served(domain) if domain.fetch.httpStatus == 200

_shown(domain) := domain.fetch.httpStatus if domain.fetch.httpStatus

else := evidence.shown(domain, "fetch.reason")

_message(domain) := "senders find no policy behind this status" if {
	domain.fetch.httpStatus
} else := "no answer was accepted, so no status counts"
