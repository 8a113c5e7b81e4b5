# METADATA
# title: DNSSEC uses current algorithms and NSEC3 settings
# description: |
#   Validators treat zones signed with SHA-1 or older as unsigned, and may do so with NSEC3 that is costly to compute.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-13]
#   reference: [DNSSEC-03]
#   evidence: [derived.dnssec]
#   expected: algorithms 8, 13, 14, 15 or 16, DS digests 2 or 4, NSEC3 without iterations and salt
#   citations: ["RFC 8624 3.1", "RFC 8624 3.3", "RFC 9276 3.1", "RFC 9905"]
#   remediation: |
#     Roll the zone to algorithm 13 (ECDSA P-256) with DS digest type 2, and set NSEC3 to 0 iterations and an empty salt, or use NSEC.
package policies.dnssec.current_algorithms

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dnssec")
	domain.signed
}

deny contains evidence.finding(domain, "algorithms", "an algorithm in use is out of date") if {
	some domain in resources
	not _current(domain)
}

deny contains evidence.finding(domain, "digestTypes", "a DS record has a digest type that is out of date") if {
	some domain in resources
	not _digests_current(domain)
}

deny contains evidence.finding(domain, "denial", "NSEC3 is set to iterations or a salt, which only cost time") if {
	some domain in resources
	not _plain(domain)
}

deny contains evidence.finding(domain, "names", "a name could not be looked up, so more may be in use") if {
	some domain in resources
	not _whole(domain)
}

_current(domain) if {
	count(domain.algorithms) > 0
	every algorithm in domain.algorithms { algorithm in {8, 13, 14, 15, 16} }
}

_digests_current(domain) if {
	count(domain.digestTypes) > 0
	every digest in domain.digestTypes { digest in {2, 4} }
}

_plain(domain) if {
	evidence.at_most(domain, "denial.iterations", 0)
	evidence.at_most(domain, "denial.saltLength", 0)
}

_whole(domain) if domain.open == false
