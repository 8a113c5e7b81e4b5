# METADATA
# title: Aggregate reports show that legitimate mail is aligned
# description: Mail of the own sources that is not aligned gets lost under an enforced policy.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-12, ADM-04]
#   reference: [DMARC-17]
#   evidence: [derived.dmarc_reports]
#   expected: recent reports in which each own source passes DMARC for at least the wanted share of its messages
#   citations: ["RFC 9990 3", "RFC 7489 7.2"]
#   parameters:
#     min_percent:
#       default: 98
#       stricter: higher
#       description: Percent of its messages that an own source must pass DMARC for
#   remediation: |
#     Have each service that sends for you sign with d= of your domain, or use a MAIL FROM domain under it. Give the
#     aggregate reports of the last 30 days with --reports.
package policies.dmarc.reports_aligned

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.dmarc_reports")
	domain.sends
}

deny contains evidence.finding(domain, "current", "there is no report of the last 30 days") if {
	some domain in resources
	not domain.current
}

deny contains evidence.finding(domain, "allRead", "a report could not be read") if {
	some domain in resources
	not domain.allRead
}

deny contains evidence.finding(domain, "ownKnown", "it cannot be told which sources are the client's own") if {
	some domain in resources
	not domain.ownKnown
}

deny contains evidence.finding(domain, "messages", "the reports show no message of the domain") if {
	some domain in resources
	not _shown(domain)
}

_shown(domain) if evidence.above(domain, "messages", 0)

deny contains evidence.finding_with(domain, "sources", _message(source), {"observed": source}) if {
	some domain in resources
	some source in domain.sources
	not _aligned(source)
}

_aligned(source) if evidence.at_least(source, "percent", input.parameters.min_percent)

_message(source) := sprintf("%v passes DMARC for %v of %v messages", [
	evidence.shown(source, "name"),
	evidence.shown(source, "aligned"),
	evidence.shown(source, "messages"),
])
