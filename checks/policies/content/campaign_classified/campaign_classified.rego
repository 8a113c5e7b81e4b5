# METADATA
# title: Every campaign has a classification on record, and its text is the one that was signed
# description: What was reviewed is what is sent.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [PRV-02, CSP-06]
#   reference: [CLS-001]
#   evidence: [derived.campaign_message, derived.campaign_segment]
#   expected: a campaign record for every file that names one, with the hash of the file as it is
#   citations:
#     - "45 CFR 164.501"
#     - "45 CFR 164.506"
#     - "45 CFR 164.508(a)(3)"
#     - "16 CFR 316.3"
#   remediation: |
#     Write a campaign record, have a second person review it, and keep the hash of the template and of the segment in it;
#     review again after a change.
package policies.content.campaign_classified

import data.policies.lib.evidence

resources := [item |
	some kind in ["derived.campaign_message", "derived.campaign_segment"]
	some item in evidence.of(kind)
]

deny contains evidence.finding(item, "registered", "the campaign has no classification on record") if {
	some item in resources
	not item.registered
}

deny contains evidence.finding(item, "unchanged", "the file is another than the one that was signed") if {
	some item in resources
	item.registered
	not _rendered(item)
	not item.unchanged
}

_rendered(item) if item.format == "mime"
