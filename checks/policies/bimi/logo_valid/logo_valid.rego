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

deny contains evidence.finding_with(domain, _mark_path(domain), _mark_message(domain), {
	"observed": evidence.shown(domain, "evidenceUri"),
}) if {
	some domain in resources
	is_string(domain.evidenceUri)
	not _vouched(domain)
}

_vouched(domain) if {
	_sound(domain)
	domain.certificate.trusted == true
}

_sound(domain) if {
	count(domain.certificate.served) == 0
	domain.certificate.seen
	domain.certificate.inDate
	domain.certificate.namesDomain
	domain.certificate.sameLogo
}

# The first thing that is wrong; only when nothing is, whose mark it is.
_mark_path(domain) := "certificate.served" if {
	count(domain.certificate.served) > 0
} else := "certificate.seen" if {
	not domain.certificate.seen
} else := "certificate.inDate" if {
	not domain.certificate.inDate
} else := "certificate.namesDomain" if {
	not domain.certificate.namesDomain
} else := "certificate.sameLogo" if {
	not domain.certificate.sameLogo
} else := "certificate.trusted"

_mark_message(domain) := object.get(
	{
		"certificate.served": "the mark certificate is not served as it should be",
		"certificate.seen": "no mark certificate stands behind a=",
		"certificate.inDate": "the mark certificate is not in date",
		"certificate.namesDomain": "the mark certificate is not for the domain",
		"certificate.sameLogo": "the mark certificate holds another logo",
	},
	_mark_path(domain),
	"the mark certificate could not be traced to its authority",
)
