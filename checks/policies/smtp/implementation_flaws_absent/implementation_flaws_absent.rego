# METADATA
# title: Known TLS implementation flaws are absent
# description: |
#   Heartbleed, CCS injection, Ticketbleed and ROBOT give away memory, keys or messages. Only a probe that exploits a flaw shows it:
#   mailward sends none, and reads the report of a tool that did.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   method: examine
#   controls: [TEC-11, TEC-18, NPR-17]
#   reference: [STLS-11]
#   evidence: [derived.tls_flaws]
#   expected: a report of sslyze or testssl.sh, no older than 30 days, that clears this address of all four flaws
#   remediation: |
#     Update the TLS library or the load balancer, restart what uses it, and where a flaw was found replace key and certificate.
#     Then test again, e.g. testssl.sh --starttls smtp --vulnerable --jsonfile-pretty report.json HOST:25, and scan with --evidence report.json.
package policies.smtp.implementation_flaws_absent

import data.policies.lib.evidence

_flaws := {
	"heartbleed": "Heartbleed (CVE-2014-0160): the server gives away its memory",
	"ccs_injection": "CCS injection (CVE-2014-0224): a third party can force weak keys",
	"ticketbleed": "Ticketbleed (CVE-2016-9244): the server gives away its memory",
	"robot": "ROBOT (CVE-2017-13099 and others): recorded sessions can be decrypted",
}

resources contains server if some server in evidence.of("derived.tls_flaws")

deny contains evidence.finding(server, flaw, message) if {
	some server in resources
	some flaw, message in _flaws
	server[flaw] == "vulnerable"
}

deny contains evidence.finding(server, flaw, "no tool has cleared the server of it") if {
	some server in resources
	some flaw, _ in _flaws
	not server[flaw] == "vulnerable"
	not _cleared(server, flaw)
}

_cleared(server, flaw) if server[flaw] == "not_vulnerable"
