# METADATA
# title: TLS reports show no failing sessions
# description: A session that failed is mail that came late, in clear text, or not at all.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-10, ADM-04]
#   reference: [RPT-03]
#   evidence: [derived.tls_reports]
#   expected: recent reports without a failing session, or only of result types that are explained
#   citations: ["RFC 8460 4"]
#   parameters:
#     explained:
#       default: []
#       kind: declaration
#       description: Result types of RFC 8460 whose failures have an explanation on record
#   remediation: |
#     Repair what the result type names: the certificate, STARTTLS, the MTA-STS policy or the TLSA records of the
#     receiving host. Give the TLS reports of the last 30 days with --reports.
package policies.tls_rpt.no_failing_sessions

import data.policies.lib.evidence

resources contains domain if {
	some domain in evidence.of("derived.tls_reports")
	domain.receives
}

deny contains evidence.finding(domain, "current", "there is no report of the last 30 days") if {
	some domain in resources
	not domain.current
}

deny contains evidence.finding(domain, "allRead", "a report could not be read") if {
	some domain in resources
	not domain.allRead
}

deny contains evidence.finding(domain, "sessions", "the reports show no session with the domain") if {
	some domain in resources
	not _shown(domain)
}

_shown(domain) if evidence.above(domain, "sessions", 0)

deny contains evidence.finding_with(domain, "failures", _message(failure), {"observed": failure}) if {
	some domain in resources
	some failure in domain.failures
	not _explained(failure)
}

_explained(failure) if failure.resultType in input.parameters.explained

_message(failure) := sprintf("%v sessions failed: %v", [
	evidence.shown(failure, "sessions"),
	evidence.shown(failure, "resultType"),
])
