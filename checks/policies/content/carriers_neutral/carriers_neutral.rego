# METADATA
# title: Links, file names, alternative texts, headers and message tags hold no health information
# description: These are read by proxies, logs, dashboards and screen readers of other people.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [CNT-01, CNT-02, PRV-11]
#   reference: [TPL-004]
#   evidence: [derived.content]
#   expected: >-
#     no personal or unclassified field, no identifier, and no health term in these places; a health term in a link to
#     a public page counts where the link also carries a token
#   citations:
#     - "45 CFR 164.502(a)"
#     - "45 CFR 164.502(b)"
#     - "45 CFR 164.530(c)(1)"
#     - "45 CFR 164.530(c)(2)"
#   parameters:
#     threshold: {default: 0.4, stricter: lower, description: "Score from which a match counts, 0 to 1."}
#   remediation: |
#     Use opaque tokens that your own system resolves, at a host whose name tells nothing of the recipient's health.
package policies.content.carriers_neutral

import data.policies.lib.content
import data.policies.lib.evidence

resources := evidence.of("derived.content")

deny contains evidence.finding_with(
	message,
	"hits",
	"health information in a link, name, header or tag",
	{"observed": hit},
) if {
	some message in resources
	some hit in message.hits
	hit.position in content.carried_positions
	evidence.at_least(hit, "score", input.parameters.threshold)
	_counts(hit)
}

deny contains evidence.finding_with(
	message,
	"tags",
	"a field about the person, or without a class, in a link, name, header or tag",
	{"observed": tag},
) if {
	some message in resources
	some tag in message.tags
	tag.position in content.carried_positions
	tag.class in content.personal_classes
}

deny contains evidence.finding(message, "hasClasses", "the classes of the fields are not given") if {
	some message in resources
	some tag in message.tags
	tag.position in content.carried_positions
	tag.class == "unknown"
	not message.hasClasses
}

deny contains evidence.finding_with(
	message,
	"tags",
	"a field about the person, or without a class, in a link, name, header or tag",
	{"observed": tag},
) if {
	some message in resources
	message.hasClasses
	some tag in message.tags
	tag.position in content.carried_positions
	tag.class == "unknown"
}

_counts(hit) if hit.detector == "identifier"

_counts(hit) if {
	hit.detector == "health-term"
	hit.position != "url"
}

_counts(hit) if {
	hit.detector == "health-term"
	hit.tokened
}
