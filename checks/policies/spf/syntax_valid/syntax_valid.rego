# METADATA
# title: The SPF record is free of syntax errors
# description: One error anywhere gives permerror before evaluation starts, and the record protects nothing.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-12]
#   reference: [SPF-02]
#   evidence: [derived.spf]
#   expected: every term matches the grammar of RFC 7208 section 12
#   citations: ["RFC 7208 4.6", "RFC 7208 6", "RFC 7208 12"]
#   remediation: |
#     DNS: correct the term named in the finding; `mailward spf DOMAIN` shows the tree.
package policies.spf.syntax_valid

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.spf")
	_published(domain)
}

_published(domain) if domain.published.status != "complete"

_published(domain) if evidence.at_least(domain, "published.count", 1)

deny contains evidence.finding(domain, "published.status", "the TXT records could not be read") if {
	some domain in resources
	not domain.published.status == "complete"
}

deny contains evidence.finding_with(domain, "syntax.errors", _message(domain), {"observed": _shown(domain)}) if {
	some domain in resources
	domain.published.status == "complete"
	not _valid(domain)
}

_own(domain) := [error | some error in domain.syntax.errors; error.own]

_valid(domain) if {
	is_array(domain.syntax.errors)
	count(_own(domain)) == 0
}

_message(domain) := sprintf("%s, at character %d", [error.message, error.offset + 1]) if {
	error := _own(domain)[0]
} else := "the record could not be parsed"

_shown(domain) := [error.term | some error in _own(domain)]
