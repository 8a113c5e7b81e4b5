# METADATA
# title: The message has a plain-text part, and its hidden preview says what the reader sees
# description: A hidden preview shows on locked screens what the open message does not.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [CNT-01]
#   reference: [TPL-005]
#   evidence: [derived.content]
#   expected: a text part beside the HTML part, and no hidden text at the start that the visible text lacks
#   citations:
#     - "45 CFR 164.530(c)(1)"
#     - "RFC 2046 section 5.1.4"
#   remediation: |
#     Add a text part (a .txt file of the same name), and show the preview text in the message.
package policies.content.plain_text_part

import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.content")
	message.hasHtml
]

deny contains evidence.finding(message, "hasText", "there is no plain-text part") if {
	some message in resources
	not message.hasText
}

deny contains evidence.finding(message, "hiddenPreheader", "a hidden preview text is absent from the visible text") if {
	some message in resources
	not message.hiddenPreheader == false
}
