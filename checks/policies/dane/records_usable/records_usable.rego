# METADATA
# title: TLSA records are usable for SMTP
# description: |
#   Senders pass over usages 0 and 1 and records in a form they do not know. If nothing is left, they encrypt without knowing to whom.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-10]
#   reference: [DANE-03]
#   evidence: [derived.dane_tlsa]
#   expected: usage 3 or 2, selector 1 or 0, and a digest of type 1 or 2
#   citations: ["RFC 7672 3.1", "RFC 7671 5"]
#   remediation: |
#     DNS: publish "3 1 1" with the SHA-256 of the server's public key, and remove records of usage 0 or 1.
package policies.dane.records_usable

import data.policies.lib.evidence

resources contains host if {
	some host in evidence.of("derived.dane_tlsa")
	evidence.at_least(host, "count", 1)
}

deny contains evidence.finding_with(
	host, "usable", "no TLSA record can be used for SMTP",
	{"observed": [evidence.shown(record, "fault") | some record in host.records]},
) if {
	some host in resources
	not _usable(host)
}

deny contains evidence.finding_with(
	host, "records", "a TLSA record cannot be used for SMTP",
	{"severity": "low", "observed": evidence.shown(record, "fault")},
) if {
	some host in resources
	_usable(host)
	some record in host.records
	is_string(record.fault)
}

deny contains evidence.finding_with(
	host, "records", "matching type 0 repeats a whole certificate or key in DNS",
	{"severity": "low", "observed": evidence.shown(record, "matchingType")},
) if {
	some host in resources
	_usable(host)
	some record in host.records
	record.matchingType == 0
}

deny contains evidence.finding(host, "open", "what DNS says could not be validated, so it may be forged") if {
	some host in resources
	not _validated(host)
}

_usable(host) if evidence.at_least(host, "usable", 1)

_validated(host) if host.open == false
