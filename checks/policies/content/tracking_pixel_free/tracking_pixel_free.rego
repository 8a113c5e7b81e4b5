# METADATA
# title: The message loads no tracking pixel
# description: A pixel tells a third party who opened which message of a health-care sender.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-03]
#   reference: [TRK-001]
#   evidence: [derived.content]
#   expected: no image of one pixel or hidden, and no image address with a token that differs by recipient
#   citations:
#     - "45 CFR 164.502(a)"
#     - "45 CFR 164.502(e)"
#   remediation: |
#     Take the image out, and switch open tracking off in the sending service.
package policies.content.tracking_pixel_free

import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.content")
	message.hasHtml
]

deny contains evidence.finding_with(
	message,
	"pixels",
	"an image is of tracking size, hidden, or has a token in its address",
	{"observed": pixel},
) if {
	some message in resources
	some pixel in message.pixels
}
