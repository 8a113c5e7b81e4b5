# METADATA
# title: The whole DANE path is DNSSEC-secure and answers
# description: |
#   Senders with DANE use TLSA records only if MX, addresses and TLSA validate, and put mail off when the TLSA question fails.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-10, TEC-13]
#   reference: [DANE-02]
#   evidence: [derived.dane_path]
#   expected: MX, addresses and TLSA records of each host with TLSA records are secure
#   citations: ["RFC 7672 2.1", "RFC 7672 2.2"]
#   remediation: |
#     Sign the mail domain and the zone of the MX host, and repair name servers that answer TLSA questions with SERVFAIL.
package policies.dane.path_secure

import data.policies.lib.evidence

resources contains host if {
	some host in evidence.of("derived.dane_path")
	_concerned(host)
}

deny contains evidence.finding_with(
	host, "blocked", "the TLSA question fails, so senders with DANE put the mail off",
	{"observed": evidence.shown(host, "blocked.reason")},
) if {
	some host in resources
	_blocked(host)
}

deny contains evidence.finding(host, sprintf("path.%v", [part]), _about(part)) if {
	some host in resources
	not _blocked(host)
	some part in _parts
	_bogus(host, part)
}

deny contains evidence.finding_with(host, sprintf("path.%v", [part]), _about(part), {"severity": "low"}) if {
	some host in resources
	not _blocked(host)
	some part in _parts
	not _secure(host, part)
	not _bogus(host, part)
}

_parts := {"mx", "addresses", "tlsa"}

_concerned(host) if evidence.at_least(host, "count", 1)

_concerned(host) if _blocked(host)

_blocked(host) if is_object(host.blocked)

_secure(host, part) if host.path[part] == "secure"

_bogus(host, part) if host.path[part] == "bogus"

_about("mx") := "the MX records are not secure, so senders do not use DANE"

_about("addresses") := "the addresses are not secure, so senders do not use DANE"

_about("tlsa") := "the TLSA records are not secure, so senders do not use them"
