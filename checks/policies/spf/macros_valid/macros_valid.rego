# METADATA
# title: SPF macros are well formed
# description: One bad macro makes the whole record a permerror; a name that grows over 253 characters loses labels from the left.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12]
#   reference: [SPF-06]
#   evidence: [derived.spf]
#   expected: macros of the letters s l o d i p h v with valid transformers and delimiters
#   citations: ["RFC 7208 7.1", "RFC 7208 7.3"]
#   remediation: |
#     DNS: write macros as %{letter}, with digits other than zero; a literal percent sign is %%.
package policies.spf.macros_valid

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.spf")
	_arises(domain)
}

_arises(domain) if domain.published.status != "complete"

_arises(domain) if count(domain.macros.used) > 0

_arises(domain) if count([error | some error in domain.macros.errors; error.own]) > 0

deny contains evidence.finding(domain, "macros.status", "the record could not be read") if {
	some domain in resources
	not _told(domain)
}

_told(domain) if domain.macros.status in {"complete", "none"}

deny contains evidence.finding_with(domain, "macros.errors", sprintf("%v", [evidence.shown(error, "message")]), {
	"observed": evidence.shown(error, "term"),
}) if {
	some domain in resources
	some error in domain.macros.errors
	error.own
}

deny contains evidence.finding_with(
	domain,
	"macros.truncated",
	"the name is longer than 253 characters and loses labels from the left",
	{
		"observed": evidence.shown(term, "term"),
		"severity": "low",
	},
) if {
	some domain in resources
	some term in domain.macros.truncated
	term.own
}
