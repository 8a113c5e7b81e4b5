# METADATA
# title: Commands sent before TLS are discarded
# description: Whoever sits on the way could put commands in front of a session that seems protected (CVE-2011-0411).
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-10, TEC-18]
#   reference: [STLS-03]
#   evidence: [derived.smtp_active]
#   expected: a command in the packet of STARTTLS is not answered inside TLS
#   citations: ["RFC 3207 4.2"]
#   remediation: |
#     Update the mail server: versions that forget what came before the handshake exist for all of them (Postfix 2.8 or later).
package policies.smtp.commands_discarded

import data.policies.lib.evidence

resources contains server if some server in evidence.of("derived.smtp_active")

deny contains evidence.finding(server, "answersInjected", "a command sent in clear is answered inside TLS") if {
	some server in resources
	not _discards(server)
}

_discards(server) if server.answersInjected == false
