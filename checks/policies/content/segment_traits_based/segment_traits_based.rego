# METADATA
# title: Segments by age, sex or ZIP code on a patient-sourced list state their basis
# description: A list of patients is PHI before anything is chosen from it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [PRV-12]
#   reference: [SEG-003]
#   evidence: [derived.campaign_segment]
#   expected: audience.basis in the record of a campaign whose list comes from a patient or member system
#   citations:
#     - "45 CFR 160.103"
#     - "45 CFR 164.502(a)"
#     - "45 CFR 164.508(a)(3)(i)"
#   remediation: |
#     State source and basis of the audience in the campaign record.
package policies.content.segment_traits_based

import data.policies.lib.evidence

resources := [segment |
	some segment in evidence.of("derived.campaign_segment")
	not _by_nothing(segment)
	not _elsewhere(segment)
]

deny contains evidence.finding(segment, "chosenByTraits", "what the segment chooses by is not known") if {
	some segment in resources
	not evidence.is_set(segment, "chosenByTraits")
}

deny contains evidence.finding_with(
	segment,
	path,
	"the segment chooses patients by age, sex or place, and the campaign states no basis for it",
	{"observed": evidence.shown(segment, "chosenByTraits")},
) if {
	some segment in resources
	some path in ["registered", "source", "basis"]
	not _given(segment, path)
}

_by_nothing(segment) if segment.chosenByTraits == []

# A list of staff or of the public is none of patients.
_elsewhere(segment) if segment.source in {"staff", "public"}

_given(segment, path) if segment[path] == true

_given(segment, path) if {
	is_string(segment[path])
	segment[path] != ""
}
