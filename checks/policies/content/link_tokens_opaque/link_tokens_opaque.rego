# METADATA
# title: Tokens in links are opaque
# description: An address in a link, plain or encoded, is in the logs of everybody on the way.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [CNT-03, CNT-01]
#   reference: [TRK-005]
#   evidence: [derived.content]
#   expected: no link holds an e-mail address, nor one after percent, base64 or hex decoding
#   citations:
#     - "45 CFR 164.502(b)"
#     - "45 CFR 164.514(b)(2)(i)(R)"
#     - "45 CFR 164.514(c)"
#   remediation: |
#     Use random tokens, or keyed ones that your own system resolves.
package policies.content.link_tokens_opaque

import data.policies.lib.evidence

resources := evidence.of("derived.content")

deny contains evidence.finding_with(
	message,
	"readableTokens",
	"an address can be read from a link",
	{"observed": found},
) if {
	some message in resources
	some found in message.readableTokens
}
