# METADATA
# title: REQUIRETLS is offered
# description: With it a sender can demand TLS for the whole path of a message. Absence never fails.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [TEC-10]
#   reference: [STLS-15]
#   evidence: [derived.requiretls]
#   expected: REQUIRETLS in the EHLO reply inside TLS
#   citations: ["RFC 8689 2"]
#   remediation: |
#     Turn on REQUIRETLS in mail servers that know it; there is nothing to mend where they do not.
package policies.smtp.requiretls_offered

import data.policies.lib.evidence

resources contains server if {
	some server in evidence.of("derived.requiretls")
	not server.offered == false
}

deny contains evidence.finding(server, "offered", "the EHLO reply inside TLS was not seen") if {
	some server in resources
	not _offered(server)
}

_offered(server) if server.offered == true
