# METADATA
# title: The BIMI logo and its certificate are valid
# description: Receivers show only a small, inert drawing, and some only one whose owner was verified.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-12]
#   reference: [BIMI-02]
#   evidence: [derived.bimi]
#   expected: SVG Tiny PS of at most 32 KB without script or external reference, and a mark certificate in date
#   remediation: |
#     Export the logo as SVG Tiny PS, serve it with status 200, and renew the mark certificate.
package policies.bimi.logo_valid

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.bimi")
	domain.sends
	is_string(domain.logoUri)
}

deny contains evidence.finding_with(domain, "logo", "the logo would not be shown", {
	"observed": evidence.shown(domain, "logo.faults"),
}) if {
	some domain in resources
	not _drawable(domain)
}

_drawable(domain) if count(domain.logo.faults) == 0

deny contains evidence.finding_with(domain, "certificate.inDate", "the mark certificate is not in date", {
	"observed": evidence.shown(domain, "evidenceUri"),
}) if {
	some domain in resources
	domain.certificate.seen
	not domain.certificate.inDate == true
}

deny contains evidence.finding_with(
	domain,
	"certificate.trusted",
	"the mark certificate could not be traced to its authority",
	{
		"observed": evidence.shown(domain, "evidenceUri"),
	},
) if {
	some domain in resources
	is_string(domain.evidenceUri)
	not domain.certificate.trusted == true
}
