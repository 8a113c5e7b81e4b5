# METADATA
# title: The certificate chain is complete, in order and trusted
# description: Senders that honour MTA-STS do not deliver behind a chain they cannot follow to a root.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-11]
#   reference: [CERT-01]
#   evidence: [derived.certificate]
#   expected: a chain in order from the leaf to a trusted root
#   citations: ["RFC 5280 6.1", "RFC 8446 4.4.2"]
#   remediation: |
#     Serve the leaf first and then every intermediate certificate, from a public certification authority.
package policies.certificate.trusted

import data.policies.lib.evidence

resources contains certificate if some certificate in evidence.of("derived.certificate")

deny contains evidence.finding_with(certificate, "faults", object.get(fault, "detail", "the chain is faulty"), {
	"observed": evidence.shown(fault, "reason"),
}) if {
	some certificate in resources
	some fault in certificate.faults
	not fault.reason in {"expired", "not_yet_valid", "wrong_name", "weak_key", "weak_signature", "out_of_order"}
}

deny contains evidence.finding_with(certificate, "faults", "an intermediate certificate is out of date", {
	"observed": evidence.shown(fault, "detail"),
}) if {
	some certificate in resources
	some fault in certificate.faults
	fault.reason in {"expired", "not_yet_valid"}
	evidence.above(fault, "depth", 0)
}

deny contains evidence.finding_with(certificate, "inOrder", "the chain is not served in order", {
	"severity": "low",
}) if {
	some certificate in resources
	certificate.inOrder == false
	certificate.trusted
}

deny contains evidence.finding(certificate, "trusted", "the chain does not lead to a trusted root") if {
	some certificate in resources
	not _trusted(certificate)
	not _only_dates(certificate)
}

_trusted(certificate) if certificate.trusted

# Dates of the leaf are judged by certificate.in_date.
_only_dates(certificate) if {
	is_object(certificate.anchor)
	reasons := {fault.reason | some fault in certificate.faults}
	count(reasons) > 0
	count(reasons - {"expired", "not_yet_valid", "wrong_name", "weak_key", "weak_signature", "out_of_order"}) == 0
}
