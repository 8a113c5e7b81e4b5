# METADATA
# title: DMARC tags are valid and the policy tag is present
# description: A wrong value falls back to a default nobody chose, or leaves no policy at all.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-12]
#   reference: [DMARC-02]
#   evidence: [derived.dmarc]
#   expected: valid p, sp, np, adkim, aspf, t, psd, rua and ruf
#   citations: ["RFC 9989 4.7", "RFC 9989 4.8", "RFC 9989 4.10.1"]
#   remediation: |
#     DNS: correct the tag named in the finding.
package policies.dmarc.tags_valid

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dmarc")
	domain.found
}

deny contains evidence.finding_with(domain, "issues", object.get(issue, "message", issue.code), {
	"observed": evidence.shown(domain, "record"),
}) if {
	some domain in resources
	some issue in domain.issues
	issue.code in {"syntax", "repeated", "invalid_value", "uri", "no_policy"}
}

deny contains evidence.finding(domain, "tags", "the tags could not be read") if {
	some domain in resources
	not _read(domain)
}

_read(domain) if {
	is_array(domain.issues)
	count(domain.tags) > 0
}
