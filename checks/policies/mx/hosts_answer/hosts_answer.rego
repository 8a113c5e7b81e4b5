# METADATA
# title: Every MX address answers
# description: Mail to an address that does not answer is late or lost.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-13, ADM-11]
#   reference: [MX-01]
#   evidence: [smtp.starttls]
#   expected: a greeting with 220
#   citations: ["RFC 5321 3.1", "RFC 5321 4.5.3.2"]
#   remediation: |
#     Start the mail server on the address, open port 25 to it, or remove it from DNS.
package policies.mx.hosts_answer

import data.policies.lib.evidence

resources contains server if some server in evidence.of("smtp.starttls")

deny contains evidence.finding(server, "greeting.code", "the greeting is not 220") if {
	some server in resources
	not _greets(server)
}

_greets(server) if server.greeting.code == 220
