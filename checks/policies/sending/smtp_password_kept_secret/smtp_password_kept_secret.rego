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
#   evidence: [terraform.output, aws_iam_access_key]
#   expected: no output made from an access key's secret
#   remediation: |
#     CDKTF and Terraform: remove the output; keep the secret in AWS Secrets Manager under a customer managed key with rotation, and let the sender read it there.
package policies.sending.smtp_password_kept_secret

import data.policies.lib.evidence

resources contains output if some output in evidence.of("terraform.output")

deny contains evidence.finding_with(output, "value", "the output repeats an access key, whose secret or SMTP password lies in the state", {
	"observed": concat(", ", sort(_sources(output))),
	"restsOn": [],
}) if {
	some output in resources
	not _harmless(output)
}

_harmless(output) if count(_sources(output)) == 0

_sources(output) := [source |
	some key in evidence.of("aws_iam_access_key")
	some source in object.get(output, ["_references", "value"], [])
	source == key._id
]
