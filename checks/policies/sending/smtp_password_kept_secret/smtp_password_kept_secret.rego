# METADATA
# title: No SMTP password or secret key leaves through an output
# description: Outputs are printed by deploy tools, stored in CI logs and read by other stacks.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-15, ADM-09, TEC-08]
#   reference: [SES-14]
#   evidence: [terraform.output]
#   expected: no output made from an access key's secret
#   remediation: |
#     CDKTF and Terraform: remove the output; keep the secret in AWS Secrets Manager under a customer managed key with rotation, and let the sender read it there.
package policies.sending.smtp_password_kept_secret

import data.policies.lib.evidence

resources contains output if some output in evidence.of("terraform.output")

deny contains evidence.finding_with(
	output,
	"reads",
	"the output repeats a secret key or SMTP password that lies in the state",
	{"observed": _secrets(output)},
) if {
	some output in resources
	not _harmless(output)
}

_harmless(output) if {
	is_array(output.reads)
	count(_secrets(output)) == 0
}

_secrets(output) := [attribute |
	some attribute in object.get(output, "reads", [])
	contains(attribute, "aws_iam_access_key.")
	some secret in ["secret", "ses_smtp_password_v4", "encrypted_secret", "encrypted_ses_smtp_password_v4"]
	endswith(attribute, concat("", [".", secret]))
]
