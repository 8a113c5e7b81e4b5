# METADATA
# title: Commercial bulk mail has a one-click List-Unsubscribe, signed by DKIM
# description: Mailbox providers show a button only for a header that nobody could have added on the way.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [OUC-01, CSP-03]
#   reference: [HDR-001]
#   evidence: [derived.campaign_message]
#   expected: List-Unsubscribe with an HTTPS URI, List-Unsubscribe-Post of one click, both under h= of a signature of the From domain
#   citations:
#     - "RFC 8058 section 3.1"
#     - "RFC 2369 section 3.2"
#     - "15 USC 7704(a)(3)(A)"
#   remediation: |
#     Send both header fields and let DKIM sign them; SES does so for list management and for headers given with SendEmail.
package policies.content.one_click_signed

import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.campaign_message")
	message.format == "mime"
	not _other(message)
]

deny contains evidence.finding(message, "commercial", "whether the message is commercial is not on record") if {
	some message in resources
	not message.commercial
}

deny contains evidence.finding(message, path, text) if {
	some message in resources
	message.commercial
	some path, text in {
		"headers.listUnsubscribe.https": "List-Unsubscribe names no HTTPS address",
		"headers.oneClick": "List-Unsubscribe-Post does not offer one click",
		"headers.unsubscribeSigned": "no signature of the From domain covers both header fields",
	}
	not evidence.at(message, path) == true
}

_other(message) if message.commercial == false
