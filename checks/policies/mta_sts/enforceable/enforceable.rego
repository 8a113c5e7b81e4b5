# METADATA
# title: Every MX would pass the policy if it were enforced
# description: In enforce mode senders do not deliver to an MX without TLS 1.2 and a trusted certificate in its name.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-10, TEC-11]
#   reference: [STS-10]
#   evidence: [derived.mta_sts_enforcement]
#   expected: STARTTLS, TLS 1.2 or later and a valid certificate for the MX host on every address
#   citations: ["RFC 8461 4.1", "RFC 8461 4.2"]
#   remediation: |
#     Mend the certificate or TLS of the addresses named in the finding before the policy says enforce, or put it back to testing until then.
package policies.mta_sts.enforceable

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.mta_sts_enforcement")
	domain.receives
	domain.published
}

deny contains evidence.finding_with(
	domain,
	"broken",
	sprintf("%s: %s", [evidence.shown(one, "target"), evidence.shown(one, "detail")]),
	{"observed": evidence.shown(one, "reason"), "severity": _severity(domain)},
) if {
	some domain in resources
	some one in domain.broken
}

deny contains evidence.finding(domain, "allSeen", "not every MX address could be looked at") if {
	some domain in resources
	not _all_seen(domain)
}

_all_seen(domain) if domain.allSeen == true

default _severity(_) := "medium"

_severity(domain) := "high" if domain.mode == "enforce"
