# METADATA
# title: Every MX host publishes TLSA records
# description: |
#   Where only some hosts publish TLSA records, an attacker steers the mail to those that do not. Without any record there is no
#   DANE, which is nothing to judge.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-10]
#   reference: [DANE-01]
#   evidence: [derived.dane]
#   expected: TLSA records at _25._tcp of every MX host
#   citations: ["RFC 6698 3", "RFC 7672 2.2"]
#   remediation: |
#     DNS: publish a TLSA record "3 1 1" with the SHA-256 of the public key at _25._tcp.<host> for each MX host.
package policies.dane.records_published

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dane")
	count(domain.published) > 0
}

deny contains evidence.finding(domain, "missing", "some MX hosts have TLSA records and others have none") if {
	some domain in resources
	not _complete(domain)
}

deny contains evidence.finding(domain, "unknown", "TLSA records of a host could not be looked up") if {
	some domain in resources
	not _known(domain)
}

deny contains evidence.finding(domain, "open", "what DNS says could not be validated, so it may be forged") if {
	some domain in resources
	not _validated(domain)
}

_complete(domain) if count(domain.missing) == 0

_known(domain) if count(domain.unknown) == 0

_validated(domain) if domain.open == false
