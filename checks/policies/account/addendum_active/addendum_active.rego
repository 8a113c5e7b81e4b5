# METADATA
# title: The business associate addendum with AWS is in force
# description: >-
#   Without it AWS may not hold protected health information of a covered entity, however well it is encrypted. AWS
#   Artifact shows the addendum of the account and of its organization; one that was signed elsewhere stands in the
#   register of agreements.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [BAA-07, BAA-01]
#   reference: [ABA-01]
#   evidence: [derived.aws_addendum]
#   expected: an agreement of AWS Artifact that is ACTIVE for the account or its organization
#   parameters:
#     signedElsewhere: {default: false, kind: declaration, description: True where the addendum was signed outside of AWS Artifact and stands in the register}
#   remediation: |
#     Accept the AWS Business Associate Addendum in AWS Artifact, under Agreements, for the organization or the account.
#     One that was signed elsewhere: write its row into records/baa.yaml and set signedElsewhere.
package policies.account.addendum_active

import data.policies.lib.evidence

resources contains account if {
	some account in evidence.of("derived.aws_addendum")
	not _in_register(account)
}

# Judged by the checks of the register.
_in_register(account) if {
	not account.active == true
	input.parameters.signedElsewhere == true
}

deny contains evidence.finding_with(account, "active", "AWS Artifact shows no business associate addendum in force", {
	"observed": evidence.shown(account, "seen"),
}) if {
	some account in resources
	not account.active == true
}
