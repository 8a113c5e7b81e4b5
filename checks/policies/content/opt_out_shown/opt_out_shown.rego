# METADATA
# title: Every commercial message shows a working opt-out
# description: A recipient who cannot see how to leave a list is held on it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CSP-03, CSP-05, PRV-14]
#   reference: [UNS-001]
#   evidence: [derived.campaign_message]
#   expected: a visible opt-out link, address or tag in every part of a commercial or fundraising message
#   citations:
#     - "15 USC 7704(a)(3)(A)"
#     - "15 USC 7704(a)(5)(A)(ii)"
#     - "45 CFR 164.514(f)(2)"
#   remediation: |
#     Put a visible link to leave the list into the HTML part and into the text part, or name the merge field that holds it
#     under optOut in fields.yaml.
package policies.content.opt_out_shown

import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.campaign_message")
	not _free(message)
]

deny contains evidence.finding(message, "optOutRequired", "whether the message needs an opt-out is not on record") if {
	some message in resources
	not message.optOutRequired
}

deny contains evidence.finding(message, "parts", "the message has no part that could show an opt-out") if {
	some message in resources
	message.optOutRequired
	not evidence.at_least(_shown(message), "parts", 1)
}

deny contains evidence.finding_with(
	message,
	"partsWithoutOptOut",
	"a part of the message shows no way to leave the list",
	{"observed": evidence.shown(message, "partsWithoutOptOut")},
) if {
	some message in resources
	message.optOutRequired
	not message.partsWithoutOptOut == []
}

_free(message) if message.optOutRequired == false

_shown(message) := {"parts": count(message.parts)}
