# METADATA
# title: Certificates for mail names may come only from chosen CAs
# description: Without CAA any public authority may issue for the name, to whoever persuades it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-13]
#   reference: [CAA-01]
#   evidence: [derived.caa]
#   expected: an issue property that names the authorities in use, or ";"
#   citations: ["RFC 8659 3", "RFC 8659 4.2", "RFC 8659 4.3"]
#   parameters:
#     authorities:
#       default: []
#       kind: declaration
#       description: CAA identifiers of the authorities in use, such as letsencrypt.org. Empty accepts any that the records name.
#   remediation: |
#     DNS: publish CAA 0 issue "<authority>" at the domain for each authority in use, and 0 issuewild ";" where no wildcard is needed.
package policies.caa.issuers_restricted

import data.policies.lib.evidence

resources contains name if some name in evidence.of("derived.caa")

deny contains evidence.finding_with(name, "issue", "any public authority may issue certificates for the name", {
	"observed": evidence.shown(name, "foundAt"),
}) if {
	some name in resources
	count(name.issue) == 0
}

deny contains evidence.finding_with(name, "issue", "an authority is allowed that is not in the inventory", {
	"observed": stranger,
}) if {
	some name in resources
	count(input.parameters.authorities) > 0
	some stranger in array.concat(name.issue, name.issuewild)
	stranger != ""
	not stranger in input.parameters.authorities
}

deny contains evidence.finding_with(name, "strangers", "a certificate was seen from an authority that may not issue", {
	"observed": evidence.shown(name, "issuers"),
}) if {
	some name in resources
	count(name.issue) > 0
	not _issuers_known(name)
}

# Nothing was seen, or everything that was seen is allowed.
_issuers_known(name) if count(name.issuers) == 0

_issuers_known(name) if {
	count(name.strangers) == 0
	name.compared
}
