# METADATA
# title: Taking the break-glass role needs MFA and raises an alarm
# description: >-
#   Emergency access is meant to be used, and to be noticed when it is. Roles are found by breakGlassRoles or by a name
#   such as break-glass; the record of their yearly test is judged elsewhere.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-02]
#   reference: [IAM-08]
#   evidence: [derived.role_alarm]
#   expected: MFA in the trust policy, and an alarm or rule on AssumeRole of the role
#   parameters:
#     breakGlassRoles: {default: [], kind: declaration, description: Names of roles for emergencies}
#   remediation: |
#     CDKTF and Terraform: use BreakGlassRole, or add an aws_cloudwatch_log_metric_filter on AssumeRole of the role with an aws_cloudwatch_metric_alarm.
package policies.iam.break_glass_alarmed

import data.policies.lib.evidence

resources contains role if {
	some role in evidence.of("derived.role_alarm")
	_for_emergencies(role)
}

_for_emergencies(role) if role.name in input.parameters.breakGlassRoles

_for_emergencies(role) if regex.match(`(?i)break[-_]?glass|emergency`, role.name)

deny contains evidence.finding(role, "mfa", "the role is given without MFA") if {
	some role in resources
	not role.mfa == "yes"
}

deny contains evidence.finding(role, "alarmed", "nobody hears when the role is taken") if {
	some role in resources
	not role.alarmed == true
}
