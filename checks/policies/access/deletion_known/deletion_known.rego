# METADATA
# title: Only known principals may delete records of mail or shorten how long they are kept
# description: >-
#   What must be kept for six years is kept as long as those who may delete it let it be. Answered by evaluating all
#   policies together; what object lock forbids to everyone is not asked for.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-06, ADM-14, PRV-17]
#   reference: [S3-06, LOG-07, CT-05]
#   evidence: [derived.deletion_access]
#   expected: nobody beside the principals of the parameter
#   parameters:
#     allowedPrincipals: {default: [], kind: declaration, description: "ARNs of users, roles and accounts that may delete, with * at the end for any that begin so"}
#   remediation: |
#     Lock the bucket in COMPLIANCE mode, and deny s3:PutBucketObjectLockConfiguration; or take the statement named in the finding out of the policy.
package policies.access.deletion_known

import data.policies.lib.access
import data.policies.lib.evidence

resources contains store if some store in evidence.of("derived.deletion_access")

deny contains access.weighed(finding, input.parameters.allowedPrincipals) if {
	some store in resources
	some finding in access.findings(
		store,
		"keepsRecords",
		"principals",
		input.parameters.allowedPrincipals,
		"others than the known principals may delete or shorten",
	)
}
