# METADATA
# title: TLSA records match the certificate served
# description: |
#   Senders with DANE refuse a server whose certificate matches none of its TLSA records, and the mail comes back.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-10]
#   reference: [DANE-04]
#   evidence: [derived.dane_match]
#   expected: a usable TLSA record matches the certificate on each address
#   citations: ["RFC 7672 3.2", "RFC 7671 5.1", "RFC 7671 5.2"]
#   remediation: |
#     DNS: publish the TLSA record of the key that is served, and keep the record of the old key until its TTL has passed.
package policies.dane.certificate_matches

import data.policies.lib.evidence

resources contains address if some address in evidence.of("derived.dane_match")

deny contains evidence.finding_with(
	address, "verdict", "no TLSA record matches the certificate",
	{"severity": _severity(address), "observed": evidence.shown(address, "reason")},
) if {
	some address in resources
	not _matches(address)
}

deny contains evidence.finding(address, "open", "what DNS says could not be validated, so it may be forged") if {
	some address in resources
	not _validated(address)
}

_matches(address) if address.verdict == "match"

# Nobody uses records that are not secure: nothing comes back, for now.
_severity(address) := "low" if {
	address.secure == false
	address.open == false
} else := "high"

_validated(address) if address.open == false
