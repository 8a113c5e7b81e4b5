# METADATA
# title: Functions that handle mail are searched for vulnerabilities
# description: >-
#   What nobody looks for is found by somebody else.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-18, NPR-04, NPR-17]
#   reference: [VUL-01]
#   evidence: [derived.mail_compute]
#   expected: Amazon Inspector on for the account and for Lambda, with the function among what it covers
#   remediation: |
#     CDKTF and Terraform: aws_inspector2_enabler with resource_types LAMBDA.
#     AWS CLI: aws inspector2 enable --resource-types LAMBDA; aws inspector2 list-coverage says why a function is left out, such as the tag InspectorExclusion.
package policies.functions.vulnerabilities_looked_for

import data.policies.lib.evidence

resources contains compute if some compute in evidence.of("derived.mail_compute")

deny contains evidence.finding_with(compute, _path(compute, "scanned"), "Inspector does not look at the function", {
	"observed": {"scanned": evidence.shown(compute, "scanned"), "coverage": evidence.shown(compute, "coverage")},
}) if {
	some compute in resources
	not compute.scanned == true
}

# Where it is not known whether mail passes the function, the denial rests on that.
_path(compute, path) := path if {
	compute.carries == true
} else := "carries"
