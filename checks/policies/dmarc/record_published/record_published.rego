# METADATA
# title: Exactly one DMARC record applies to the domain
# description: Without a record receivers have no instruction; several at one name are all discarded.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-12]
#   reference: [DMARC-01]
#   evidence: [derived.dmarc]
#   expected: one TXT record that begins with v=DMARC1 at _dmarc.<domain>, or one above it
#   citations: ["RFC 9989 4.7", "RFC 9989 4.10"]
#   remediation: |
#     DNS: publish one TXT record at _dmarc.<domain>, such as "v=DMARC1; p=reject; rua=mailto:dmarc@<domain>".
package policies.dmarc.record_published

import data.policies.lib.evidence

resources contains domain if some domain in evidence.of("derived.dmarc")

deny contains evidence.finding_with(domain, "record", _message(domain), {
	"observed": evidence.shown(domain, "discarded"),
}) if {
	some domain in resources
	not _applies(domain)
}

_applies(domain) if {
	domain.found
	not _several_here(domain)
}

_several_here(domain) if {
	some one in domain.discarded
	one.domain == domain.domain
	one.reason == "several"
}

_message(domain) := "several records stand at one name: all are discarded" if {
	_several_here(domain)
} else := "no DMARC record applies to the domain"
