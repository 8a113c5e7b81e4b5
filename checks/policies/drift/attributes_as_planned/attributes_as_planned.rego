# METADATA
# title: What is there is set as planned
# description: >-
#   A change by hand in the console is gone with the next apply, or the next apply is never made. Compared are the
#   settings that an account shows; each finding names the attribute with the planned and the live value.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-13]
#   reference: []
#   evidence: [derived.drift]
#   expected: the planned value of each attribute that is compared
#   remediation: |
#     terraform plan shows the change; apply it, or bring the configuration in line with what is meant.
package policies.drift.attributes_as_planned

import data.policies.lib.evidence

# What is not there is judged apart.
resources contains drift if {
	some drift in evidence.of("derived.drift")
	not drift.found == false
}

deny contains evidence.finding_with(drift, "changed", _message(change), {"observed": change}) if {
	some drift in resources
	some change in object.get(drift, "changed", [])
}

deny contains evidence.finding(drift, "changed", "what is set could not be told") if {
	some drift in resources
	not drift.changed
}

default _message(_) := "an attribute is not as planned"

_message(change) := sprintf("%s is %v, and planned as %v", [change.attribute, change.live, change.planned])
