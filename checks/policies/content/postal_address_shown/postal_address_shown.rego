# METADATA
# title: Every commercial message shows the sender's postal address
# description: A recipient can write to whom they cannot reach by mail.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CSP-05]
#   reference: [ADR-001]
#   evidence: [derived.campaign_message]
#   expected: a US street address, Post Office box or private mailbox with state and ZIP code, or its merge field, visible in every part
#   citations:
#     - "15 USC 7704(a)(5)(A)(iii)"
#     - "16 CFR 316.2(p)"
#   remediation: |
#     Show the postal address in every part, or name the merge field that holds it under postalAddress in fields.yaml.
package policies.content.postal_address_shown

import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.campaign_message")
	not _other(message)
]

deny contains evidence.finding(message, "commercial", "whether the message is commercial is not on record") if {
	some message in resources
	not message.commercial
}

deny contains evidence.finding(message, "parts", "the message has no part that could show an address") if {
	some message in resources
	message.commercial
	not evidence.at_least({"parts": count(message.parts)}, "parts", 1)
}

deny contains evidence.finding_with(
	message,
	"partsWithoutAddress",
	"a part of the message shows no postal address",
	{"observed": evidence.shown(message, "partsWithoutAddress")},
) if {
	some message in resources
	message.commercial
	not message.partsWithoutAddress == []
}

_other(message) if message.commercial == false
