# METADATA
# title: Every address meets the chosen TLS profile
# description: The profile is dated data of a publisher, chosen by network.tlsProfile; every rule missed is listed.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-11]
#   reference: [STLS-12]
#   evidence: [derived.tls_profile]
#   expected: versions, suites, groups, signatures, key sizes and certificate lifetime as the profile has them
#   citations: ["RFC 9325 4"]
#   remediation: |
#     Set versions, suites and groups as the profile's publisher lists them, and renew the certificate where its key, signature or lifetime is named in the finding.
package policies.smtp.tls_profile_met

import data.policies.lib.evidence

resources contains server if some server in evidence.of("derived.tls_profile")

deny contains evidence.finding_with(
	server,
	"misses",
	sprintf("%s: %s", [evidence.shown(miss, "rule"), evidence.shown(miss, "observed")]),
	{"observed": evidence.shown(miss, "observed"), "expected": evidence.shown(miss, "expected"), "severity": "medium"},
) if {
	some server in resources
	some miss in server.misses
	not _tolerated(miss)
}

deny contains evidence.finding_with(
	server,
	"misses",
	sprintf("%s, to be phased out: %s", [evidence.shown(miss, "rule"), evidence.shown(miss, "observed")]),
	{"observed": evidence.shown(miss, "observed"), "expected": evidence.shown(miss, "expected"), "severity": "low"},
) if {
	some server in resources
	some miss in server.misses
	_tolerated(miss)
}

deny contains evidence.finding(server, "settled", "not every rule of the profile could be compared") if {
	some server in resources
	not _settled(server)
}

_tolerated(miss) if miss.level == "phase_out"

_settled(server) if server.settled == true
