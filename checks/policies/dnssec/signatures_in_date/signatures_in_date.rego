# METADATA
# title: DNSSEC signatures are in date with time to spare
# description: |
#   When signatures end before new ones are made, the domain is gone for everyone who validates. Days are counted from the time
#   of the scan.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-13]
#   reference: [DNSSEC-04]
#   evidence: [derived.dnssec]
#   expected: every signature holds, with at least 3 days left
#   citations: ["RFC 4035 5.3.1"]
#   parameters:
#     minDaysLeft: {default: 3, stricter: higher, description: Whole days that must be left}
#   remediation: |
#     Find out why the zone was not signed anew (signer stopped, secondary out of date) and sign it; alarm on signatures that have
#     less than a week left.
package policies.dnssec.signatures_in_date

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dnssec")
	domain.signed
}

deny contains evidence.finding_with(
	domain, "signatures.daysLeft", "a signature has ended or is about to",
	{"expected": sprintf("at least %v days left", [input.parameters.minDaysLeft])},
) if {
	some domain in resources
	not _lasting(domain)
}

deny contains evidence.finding(domain, "signatures.notYetValid", "a signature does not hold yet") if {
	some domain in resources
	not _begun(domain)
}

deny contains evidence.finding(domain, "names", "a name could not be looked up, so its signatures are not known") if {
	some domain in resources
	not _whole(domain)
}

_lasting(domain) if evidence.at_least(domain, "signatures.daysLeft", input.parameters.minDaysLeft)

_begun(domain) if count(domain.signatures.notYetValid) == 0

_whole(domain) if domain.open == false
