# METADATA
# title: Merge values are escaped when they enter HTML
# description: An unescaped value can change what the message shows and where its links lead.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-02, TEC-07]
#   reference: [TPL-002]
#   evidence: [derived.content]
#   expected: no triple braces, ampersand tag or raw filter in the HTML part
#   citations:
#     - "45 CFR 164.306(a)(2)"
#     - "45 CFR 164.312(c)(1)"
#   remediation: |
#     Use two braces, or the escaping form of your template language.
package policies.content.values_escaped

import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.content")
	message.format == "template"
	message.hasHtml
]

deny contains evidence.finding_with(
	message,
	"tags",
	"a value is inserted without escaping",
	{"observed": tag},
) if {
	some message in resources
	some tag in message.tags
	tag.raw
}
