# METADATA
# title: TLS reports go to valid addresses
# description: A report to an address that does not parse is sent to nobody.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-10]
#   reference: [RPT-02]
#   evidence: [derived.tls_rpt]
#   expected: "at least one valid mailto: or https: URI in rua, and no invalid one"
#   citations: ["RFC 8460 3", "RFC 8460 5.3"]
#   remediation: |
#     DNS: correct rua at _smtp._tls.<domain>; a comma, exclamation mark or semicolon inside a URI is percent-encoded.
package policies.tls_rpt.addresses_valid

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.tls_rpt")
	domain.receives
	domain.count == 1
}

deny contains evidence.finding_with(domain, "rua", _message(domain), {
	"observed": [one.text | some one in domain.rua],
}) if {
	some domain in resources
	not _valid(domain)
}

_valid(domain) if domain.valid

_message(domain) := domain.error if is_string(domain.error)

else := "the record is not valid"
