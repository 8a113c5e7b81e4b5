# METADATA
# title: A TLSA rollover can happen without loss of mail
# description: |
#   With a single record every change of the key leaves a time in which nothing matches.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-10]
#   reference: [DANE-05]
#   evidence: [derived.dane_tlsa]
#   expected: usable records for the current and the next key, or for the key and its issuer
#   citations: ["RFC 7671 8.1"]
#   remediation: |
#     DNS: publish a second "3 1 1" record for the next key, or "2 1 1" for the certification authority beside it.
package policies.dane.rollover_possible

import data.policies.lib.evidence

resources contains host if {
	some host in evidence.of("derived.dane_tlsa")
	evidence.at_least(host, "usable", 1)
}

deny contains evidence.finding(host, "rollover", "the records know one key only") if {
	some host in resources
	not _prepared(host)
}

deny contains evidence.finding(host, "open", "what DNS says could not be validated, so it may be forged") if {
	some host in resources
	not _validated(host)
}

_prepared(host) if host.rollover == true

_validated(host) if host.open == false
