# METADATA
# title: A commercial message from an unattended address shows a web link to leave the list
# description: Who can neither answer nor click cannot say no.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CSP-03]
#   reference: [HDR-003]
#   evidence: [derived.campaign_message]
#   expected: an HTTPS link to leave the list where answers go to a no-reply address
#   citations:
#     - "15 USC 7704(a)(3)(A)"
#   remediation: |
#     Take answers, or show a web link to leave the list.
package policies.content.answers_taken

import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.campaign_message")
	message.format == "mime"
	not message.headers.noReply == false
	not _other(message)
]

deny contains evidence.finding(message, "commercial", "whether the message is commercial is not on record") if {
	some message in resources
	not message.commercial
}

deny contains evidence.finding(
	message,
	"optOutLinks",
	"answers go to an unattended address, and the message shows no web link to leave the list",
) if {
	some message in resources
	message.commercial
	not _web_opt_out(message)
}

_other(message) if message.commercial == false

_web_opt_out(message) if {
	some link in message.optOutLinks
	link.scheme == "https"
}
