# METADATA
# title: A commercial message says that it is an advertisement, or affirmative consent is on record
# description: The notice may be left off only for those who asked for the mail.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [CSP-05]
#   reference: [AD-001]
#   evidence: [derived.campaign_message]
#   expected: a clear notice in the visible text, or affirmativeConsent.held in the record of the campaign
#   citations:
#     - "15 USC 7704(a)(5)(A)(i)"
#     - "15 USC 7704(a)(5)(B)"
#   remediation: |
#     Say in the text that the message is an advertisement, or record the affirmative consent of every recipient.
package policies.content.advertisement_said

import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.campaign_message")
	not _other(message)
]

deny contains evidence.finding(message, "commercial", "whether the message is commercial is not on record") if {
	some message in resources
	not message.commercial
}

deny contains evidence.finding(
	message,
	path,
	"nothing says that this is an advertisement, and no affirmative consent is on record",
) if {
	some message in resources
	message.commercial
	not message.advertisement
	not message.consentHeld
	some path in _open(message)
}

# Whether consent is held may not be on record: then that is what is open.
_open(message) := ["advertisement"] if message.consentHeld == false

_open(message) := ["consentHeld"] if not evidence.is_set(message, "consentHeld")

_other(message) if message.commercial == false
