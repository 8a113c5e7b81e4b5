# METADATA
# title: Secrets are rotated
# description: A credential that leaked once works until it is changed.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-15, ADM-09]
#   reference: [SEC-01]
#   evidence: [aws_secretsmanager_secret, aws_secretsmanager_secret_rotation]
#   expected: a rotation at least every 90 days
#   parameters:
#     maxRotationDays: {default: 90, stricter: lower, description: Longest time between two rotations in days}
#   remediation: |
#     CDKTF and Terraform: add an aws_secretsmanager_secret_rotation with rotation_rules.automatically_after_days = 30.
#     AWS CLI: aws secretsmanager rotate-secret --secret-id ARN --rotation-rules AutomaticallyAfterDays=30
package policies.secrets.rotated

import data.policies.lib.evidence

resources contains secret if some secret in evidence.of("aws_secretsmanager_secret")

deny contains evidence.finding_with(secret, "rotation_rules", "the secret is not rotated, or too seldom", {
	"observed": [object.get(rotation, "rotation_rules", null) | some rotation in _rotations(secret)],
	"restsOn": [{"id": rotation._id, "path": path} |
		some rotation in evidence.of("aws_secretsmanager_secret_rotation")
		some path in _open_paths(rotation, secret)
	],
}) if {
	some secret in resources
	not _rotated(secret)
}

_rotations(secret) := [rotation |
	some rotation in evidence.of("aws_secretsmanager_secret_rotation")
	evidence.refers(rotation, "secret_id", secret)
]

# What only apply will tell of a rotation, and could be the answer.
_open_paths(rotation, secret) := ["rotation_rules"] if evidence.refers(rotation, "secret_id", secret)

_open_paths(rotation, secret) := ["secret_id"] if {
	not evidence.refers(rotation, "secret_id", secret)
	evidence.may_refer(rotation, "secret_id")
}

_rotated(secret) if {
	some rotation in _rotations(secret)
	_often(rotation)
}

_often(rotation) if {
	evidence.at_most(
		rotation,
		"rotation_rules.automatically_after_days",
		input.parameters.maxRotationDays,
	)
}

_often(rotation) if {
	[_, days] := regex.find_all_string_submatch_n(_days, rotation.rotation_rules.schedule_expression, 1)[0]
	evidence.at_most({"days": to_number(days)}, "days", input.parameters.maxRotationDays)
}

# Every hour, or every month at least.
_often(rotation) if {
	regex.match(_monthly, rotation.rotation_rules.schedule_expression)
	evidence.at_least({"limit": input.parameters.maxRotationDays}, "limit", 31)
}

_days := `^rate\((\d+) days?\)$`

# cron(minutes hours day-of-month month day-of-week year)
_monthly := `^(rate\(\d+ hours?\)|cron\(\S+ \S+ \S+ (\*|\*/1|1/1|1-12) \S+ \*\))$`
