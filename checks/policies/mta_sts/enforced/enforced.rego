# METADATA
# title: MTA-STS is enforced
# description: Only in enforce mode do senders refuse to deliver over a connection that someone stripped of TLS.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-10, NPR-12]
#   reference: [STS-08]
#   evidence: [derived.mta_sts]
#   expected: mode enforce
#   citations: ["RFC 8461 3.2", "RFC 8461 5"]
#   remediation: |
#     Read the TLS reports, check that every MX passes, then set "mode: enforce" in the policy file and change the id of the DNS record.
package policies.mta_sts.enforced

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.mta_sts")
	domain.receives
}

deny contains evidence.finding_with(
	domain,
	"policy.mode",
	"the policy is in testing mode: failures are reported and ignored",
	{"severity": "low"},
) if {
	some domain in resources
	domain.policy.mode == "testing"
}

deny contains evidence.finding_with(domain, "policy.mode", "senders are not told to insist on TLS", {
	"observed": _shown(domain),
}) if {
	some domain in resources
	not _told(domain)
}

_told(domain) if domain.policy.mode in {"enforce", "testing"}

_shown(domain) := domain.policy.mode if domain.policy.mode

else := domain.fetch.reason if domain.fetch.reason

else := "no record"
