# METADATA
# title: S/MIME certificates may come only from chosen CAs
# description: issuemail keeps authorities from issuing mail certificates in the name of the domain.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-13]
#   reference: [CAA-02]
#   evidence: [derived.caa]
#   expected: an issuemail property that names the S/MIME authority in use, or ";"
#   citations: ["RFC 9495 3"]
#   parameters:
#     authorities:
#       default: []
#       kind: declaration
#       description: CAA identifiers of the S/MIME authorities in use. Empty accepts any that the records name.
#   remediation: |
#     DNS: publish CAA 0 issuemail "<authority>" at the domain, or 0 issuemail ";" where no S/MIME is used.
package policies.caa.smime_restricted

import data.policies.lib.evidence

resources contains name if {
	some name in evidence.of("derived.caa")
	name.role == "domain"
	_told(name)
}

# Absence is information only; a set that could not be read is not absence.
_told(name) if count(name.issuemail) > 0

_told(name) if not name.read

deny contains evidence.finding(name, "issuemail", "the CAA records could not be read") if {
	some name in resources
	not name.read
}

deny contains evidence.finding_with(name, "issuemail", "an authority is allowed that is not in the inventory", {
	"observed": stranger,
}) if {
	some name in resources
	some stranger in name.issuemail
	stranger != ""
	count(input.parameters.authorities) > 0
	not stranger in input.parameters.authorities
}

deny contains evidence.finding_with(name, "issuemail", "a value that names no authority", {"observed": value}) if {
	some name in resources
	some value in name.issuemail
	value != ""
	not regex.match(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`, value)
}
