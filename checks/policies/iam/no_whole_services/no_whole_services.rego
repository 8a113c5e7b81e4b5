# METADATA
# title: No policy gives every action of a service that handles mail
# description: >-
#   ses:* or kms:* hands out administration together with use. Found by evaluation: the order of keys, the case of
#   actions and NotAction make no difference.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-07, TEC-14]
#   reference: [IAM-06]
#   evidence: [derived.iam_policy]
#   expected: >-
#     no Allow of SERVICE:* for SES, SNS, SQS, S3, KMS, Firehose, Lambda, DynamoDB, EventBridge, Logs, Secrets Manager
#     or IAM
#   parameters:
#     breakGlassRoles: {default: [], kind: declaration, description: Names of roles for emergencies}
#   remediation: |
#     CDKTF and Terraform: list the actions that the work needs in place of SERVICE:*.
package policies.iam.no_whole_services

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if {
	some item in evidence.of("derived.iam_policy")
	not item.forEmergencies == true
	not _for_emergencies(item)
}

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "wholeServices", "the policy gives every action of a service")
}

_for_emergencies(item) if {
	count(item.holders) > 0
	every holder in item.holders {
		holder in input.parameters.breakGlassRoles
	}
}
