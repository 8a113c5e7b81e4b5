# METADATA
# title: Vulnerabilities of functions that handle mail are fixed in time
# description: >-
#   Counted from the day that Amazon Inspector saw them, where a fix is to be had. 15 and 30 days are those of the proposed
#   rule of 2025; the rule in force names none.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-18, NPR-04]
#   reference: [VUL-01]
#   evidence: [derived.mail_compute]
#   expected: no fixable vulnerability older than the days of its severity
#   parameters:
#     criticalDays: {default: 15, stricter: lower, description: Days for a critical vulnerability}
#     highDays: {default: 30, stricter: lower, description: Days for a high one}
#   remediation: |
#     Update the packages of the function and deploy it; aws inspector2 list-findings shows what and to which version.
package policies.functions.vulnerabilities_fixed

import data.policies.lib.evidence

resources contains compute if {
	some compute in evidence.of("derived.mail_compute")

	# Without findings where nobody looks; that is judged apart.
	not compute.scanned == false
}

deny contains evidence.finding_with(compute, _path(compute, path), "a fixable vulnerability is open for long", {
	"observed": evidence.shown(compute, "vulnerabilities"),
	"expected": sprintf("%d days at most", [limit]),
}) if {
	some compute in resources
	some path, limit in {
		"oldestCriticalDays": input.parameters.criticalDays,
		"oldestHighDays": input.parameters.highDays,
	}
	not evidence.at_most(compute, path, limit)
}

# Whether anybody looks could not be told.
deny contains evidence.finding(compute, "scanned", "whether there are vulnerabilities is not known") if {
	some compute in resources
	not compute.scanned == true
}

# Where it is not known whether mail passes the function, the denial rests on that.
_path(compute, path) := path if {
	compute.carries == true
} else := "carries"
