# METADATA
# title: Opting out takes one page, needs no login and asks only for address and preferences
# description: Whoever has to log in to leave stays.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CSP-03, OUC-01]
#   reference: [UNS-002]
#   evidence: [derived.opt_out_path]
#   expected: every opt-out link is HTTPS, and its recorded page needs no login, no fee, no second page and no other field
#   citations:
#     - "15 USC 7704(a)(3)(A)"
#     - "16 CFR 316.5"
#   remediation: |
#     Follow the link to its end and write down what it asked for in a *.opt-out.yaml file beside the templates.
package policies.content.opt_out_one_step

import data.policies.lib.evidence

resources := [message |
	some message in evidence.of("derived.opt_out_path")
	some _ in message.links
]

deny contains evidence.finding_with(
	message,
	"links",
	"an opt-out link is not HTTPS",
	{"observed": link},
) if {
	some message in resources
	some link in message.links
	not _safe(link)
}

deny contains evidence.finding_with(
	message,
	"pageFaults",
	"the opt-out page asks for more than an address and preferences, or takes more than one page",
	{"observed": evidence.shown(message, "pageFaults")},
) if {
	some message in resources
	not message.pageFaults == []
}

# A link that is a merge field alone is judged on its recorded page.
_safe(link) if link.scheme in {"https", "mailto"}

_safe(link) if {
	link.scheme == null
	is_string(link.field)
}
