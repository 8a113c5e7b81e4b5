# METADATA
# title: The tree walk finds the intended organizational domain
# description: Alignment and reports follow the organizational domain; a psd tag in the wrong place moves it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12]
#   reference: [DMARC-07]
#   evidence: [derived.dmarc_place]
#   expected: a domain of the client, without psd=y
#   citations: ["RFC 9989 4.10", "RFC 9989 4.10.2"]
#   parameters:
#     own_domains:
#       default: []
#       kind: declaration
#       description: Organizational domains of the client. Empty accepts the domain itself and its parents up to the registrable domain.
#   remediation: |
#     DNS: remove psd=y from the DMARC record; psd=n marks the domain that is its own organization.
package policies.dmarc.organizational_domain

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dmarc_place")
	_arises(domain)
}

# Without any record there is no walk to speak of.
_arises(domain) if domain.found

_arises(domain) if domain.publicSuffix

_arises(domain) if domain.organizationalDomain == null

deny contains evidence.finding_with(domain, "organizationalDomain", "the domain declares itself a public suffix", {
	"observed": evidence.shown(domain, "organizationalDomain"),
}) if {
	some domain in resources
	domain.publicSuffix
}

deny contains evidence.finding_with(
	domain,
	"organizationalDomain",
	"the walk ends at a name that is not the client's own",
	{
		"observed": evidence.shown(domain, "organizationalDomain"),
	},
) if {
	some domain in resources
	not _intended(domain)
}

_intended(domain) if {
	domain.ownName
	count(input.parameters.own_domains) == 0
}

_intended(domain) if domain.organizationalDomain in input.parameters.own_domains
