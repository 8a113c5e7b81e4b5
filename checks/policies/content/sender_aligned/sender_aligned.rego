# METADATA
# title: The From domain of a message is aligned with its signature or its MAIL FROM domain
# description: A recipient must be able to tell who wrote.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CSP-01, TEC-12]
#   reference: [HDR-003]
#   evidence: [derived.content]
#   expected: From shares its registrable domain with d= of a signature or with MAIL FROM
#   citations:
#     - "15 USC 7704(a)(1)"
#     - "RFC 9989"
#     - "45 CFR 164.312(e)(2)(i)"
#   remediation: |
#     Sign with the From domain and use a custom MAIL FROM domain below it.
package policies.content.sender_aligned

import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.content")
	message.format == "mime"
]

deny contains evidence.finding(
	message,
	"headers.aligned",
	"the From domain is aligned neither with a signature nor with the MAIL FROM domain",
) if {
	some message in resources
	not message.headers.aligned
}
