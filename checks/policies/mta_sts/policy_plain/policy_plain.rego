# METADATA
# title: The policy is plain text, small and quick
# description: Senders may refuse another media type, and stop reading after 64 KB or a minute.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-10]
#   reference: [STS-05]
#   evidence: [derived.mta_sts]
#   expected: text/plain, at most 64 KB, answered within a minute
#   citations: ["RFC 8461 3.2", "RFC 8461 3.3"]
#   remediation: |
#     Serve the policy as text/plain from a file.
package policies.mta_sts.policy_plain

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.mta_sts")
	domain.receives
	domain.record.valid
	_answered(domain)
}

# Without an answer of status 200 there is no text to speak of; a fetch that failed is told as such.
_answered(domain) if domain.fetch.httpStatus == 200

_answered(domain) if not domain.fetch

deny contains evidence.finding_with(domain, "fetch.contentType", "the policy is not served as text/plain", {
	"observed": evidence.shown(domain, "fetch.contentType"),
}) if {
	some domain in resources
	not _plain(domain)
}

_plain(domain) if regex.match(`^(?i)text/plain\s*(;|$)`, domain.fetch.contentType)

deny contains evidence.finding_with(domain, "fetch.reason", "the policy is larger than 64 KB", {
	"observed": evidence.shown(domain, "fetch.detail"),
}) if {
	some domain in resources
	domain.fetch.reason == "too_large"
}
