# METADATA
# title: Opt-out links reveal neither the person nor the topic
# description: The link to leave a list is fetched by scanners and kept in logs.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-01, CSP-03, OUC-01]
#   reference: [UNS-003]
#   evidence: [derived.content]
#   expected: no health term and no identifier in a link to leave the list, in the body or in List-Unsubscribe
#   citations:
#     - "45 CFR 164.502(b)"
#     - "45 CFR 164.530(c)(1)"
#     - "RFC 8058 section 3.1"
#   parameters:
#     threshold: {default: 0.4, stricter: lower, description: "Score from which a match counts, 0 to 1."}
#   remediation: |
#     Use one opaque token in the opt-out link.
package policies.content.opt_out_links_neutral

import data.policies.lib.evidence

resources := evidence.of("derived.content")

deny contains evidence.finding_with(
	message,
	"hits",
	"the opt-out link tells something about the recipient or the list",
	{"observed": hit},
) if {
	some message in resources
	some hit in message.hits
	hit.optOut == true
	evidence.at_least(hit, "score", input.parameters.threshold)
}
