# METADATA
# title: SPF ends in a refusal of all other senders
# description: A record that ends in neutral or pass lets anyone send as the domain; softfail is enough where DMARC enforces.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-12]
#   reference: [SPF-08]
#   evidence: [derived.spf, derived.dmarc]
#   expected: "-all, or ~all under an enforced DMARC policy"
#   citations: ["RFC 7208 4.7", "RFC 7208 5.1", "RFC 7208 6.1"]
#   remediation: |
#     DNS: end the SPF record with -all once every sender is listed; ~all is accepted while DMARC is at quarantine or reject.
package policies.spf.terminal_refusal

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.spf")
	domain.sends
	_arises(domain)
}

_arises(domain) if domain.published.status != "complete"

_arises(domain) if domain.terminal.status != "none"

deny contains evidence.finding(domain, "terminal.status", "the record that decides could not be read") if {
	some domain in resources
	not domain.terminal.status == "complete"
}

deny contains evidence.finding_with(domain, "terminal.policy", _message(domain), {
	"observed": _shown(domain),
	"restsOn": [],
}) if {
	some domain in resources
	domain.terminal.status == "complete"
	not _refuses(domain)
}

_refuses(domain) if domain.terminal.policy == "fail"

_refuses(domain) if {
	domain.terminal.policy == "softfail"
	some policy in evidence.of("derived.dmarc")
	policy._id == domain._id
	policy.effectivePolicy in {"quarantine", "reject"}
}

_shown(domain) := domain.terminal.term if is_string(domain.terminal.term)

else := evidence.shown(domain, "terminal.policy")

_message(domain) := "without an enforced DMARC policy ~all stops nobody" if {
	domain.terminal.policy == "softfail"
} else := "other senders are not refused"
