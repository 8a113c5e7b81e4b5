# METADATA
# title: Segments built on health data have an authorization or another stated basis
# description: Choosing people by what they suffer from is a use of PHI, whatever the message says.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [PRV-01, PRV-12]
#   reference: [SEG-001]
#   evidence: [derived.campaign_segment]
#   expected: a campaign whose record states the basis, and for marketing an authorization whose scope names the campaign
#   citations:
#     - "45 CFR 164.502(a)"
#     - "45 CFR 164.508(a)(3)(i)"
#     - "45 CFR 164.501"
#   remediation: |
#     State the basis in audience.basis of the campaign record; for marketing collect authorizations whose scope names the campaign.
package policies.content.segment_basis_stated

import data.policies.lib.evidence

resources := [segment |
	some segment in evidence.of("derived.campaign_segment")
	not _by_nothing(segment)
]

deny contains evidence.finding(segment, "chosenByHealth", "what the segment chooses by is not known") if {
	some segment in resources
	not evidence.is_set(segment, "chosenByHealth")
}

deny contains evidence.finding_with(
	segment,
	path,
	"the segment is built on health data, and the campaign states no basis for it",
	{"observed": evidence.shown(segment, "chosenByHealth")},
) if {
	some segment in resources
	some path in ["registered", "basis"]
	not _given(segment, path)
}

deny contains evidence.finding_with(
	segment,
	"marketing",
	"the segment is built on health data, and the class of its campaign is not on record",
	{"observed": evidence.shown(segment, "chosenByHealth")},
) if {
	some segment in resources
	not evidence.is_set(segment, "marketing")
}

deny contains evidence.finding_with(
	segment,
	"authorized",
	"the segment is built on health data, and no authorization names the campaign",
	{"observed": evidence.shown(segment, "chosenByHealth")},
) if {
	some segment in resources
	not segment.marketing == false
	not segment.authorized
}

_by_nothing(segment) if segment.chosenByHealth == []

_given(segment, path) if segment[path] == true

_given(segment, path) if {
	is_string(segment[path])
	segment[path] != ""
}
