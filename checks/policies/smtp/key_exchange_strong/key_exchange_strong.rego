# METADATA
# title: Key exchange is strong
# description: A short prime, a small curve or a weak hash lets others into the key exchange.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-11]
#   reference: [STLS-08]
#   evidence: [derived.tls_exchange]
#   expected: finite-field groups of 2048 bits or more, curves of 224 or more, signed with SHA-256 or stronger
#   citations: ["RFC 9325 4.5", "RFC 9155"]
#   remediation: |
#     Postfix: smtpd_tls_eecdh_grade = auto, and a dhparam file of 2048 bits or more, or no DHE suites. OpenSSL: SECLEVEL of 2 removes SHA-1 signatures and small groups.
package policies.smtp.key_exchange_strong

import data.policies.lib.evidence

resources contains server if some server in evidence.of("derived.tls_exchange")

deny contains evidence.finding(server, "dhBits", "the finite-field prime is too short") if {
	some server in resources
	is_number(server.dhBits)
	not evidence.at_least(server, "dhBits", 2048)
}

deny contains evidence.finding(server, "smallGroups.found", "curves under 224 bits are accepted") if {
	some server in resources
	count(server.smallGroups.found) > 0
}

deny contains evidence.finding(server, "weakHashes.found", "the key exchange is signed with MD5 or SHA-1") if {
	some server in resources
	count(server.weakHashes.found) > 0
}

deny contains evidence.finding_with(
	server,
	"phaseOutHashes",
	"the key exchange is signed with SHA-224",
	{"severity": "low"},
) if {
	some server in resources
	count(server.phaseOutHashes) > 0
}

deny contains evidence.finding(server, concat(".", [part, "settled"]), "not everything was asked for") if {
	some server in resources
	some part in {"dh", "smallGroups", "weakHashes"}
	not _settled(server, part)
}

_settled(server, part) if server[part].settled == true
