# METADATA
# title: The message holds no script, frame, form, object or remote style
# description: Active content is stripped by mail readers at best and phished with at worst.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-03]
#   reference: [TRK-003]
#   evidence: [derived.content]
#   expected: >-
#     no script, iframe, frame, form, object, event handler, script link, linked style sheet, import or remote font
#   citations:
#     - "45 CFR 164.306(a)(2)"
#     - "45 CFR 164.502(a)"
#     - "45 CFR 164.530(c)(1)"
#   remediation: |
#     Link to a page of your own instead, and write styles into the message.
package policies.content.active_content_free

import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.content")
	message.hasHtml
]

deny contains evidence.finding_with(
	message,
	"active",
	"the message holds active content",
	{"observed": found},
) if {
	some message in resources
	some found in message.active
}
