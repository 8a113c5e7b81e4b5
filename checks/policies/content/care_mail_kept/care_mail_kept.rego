# METADATA
# title: Care and service messages offer no one-click opt-out that would stop care mail
# description: Who clicks the button of a newsletter must not lose the mail about an appointment.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [OUC-01, CSP-06]
#   reference: [HDR-002]
#   evidence: [derived.campaign_message]
#   expected: no List-Unsubscribe on messages of class treatment, operations, refill reminder or breach notice
#   citations:
#     - "15 USC 7702(17)"
#     - "16 CFR 316.3"
#   remediation: |
#     Leave the header off care mail. Where it points at a list that holds none, say so in a waiver.
package policies.content.care_mail_kept

import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.campaign_message")
	message.format == "mime"
	not _other(message)
]

deny contains evidence.finding(message, "care", "whether the message is part of care is not on record") if {
	some message in resources
	not message.care
}

deny contains evidence.finding(
	message,
	"headers.listUnsubscribe.present",
	"a message of care offers to stop such mail",
) if {
	some message in resources
	message.care
	not message.headers.listUnsubscribe.present == false
}

_other(message) if message.care == false
