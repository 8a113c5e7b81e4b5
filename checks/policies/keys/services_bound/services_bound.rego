# METADATA
# title: Key policies bind each AWS service to known sources
# description: >-
#   A service acts for whoever asks it; without aws:SourceAccount or aws:SourceArn it can be made to use the key for
#   another account.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-06, ADM-07, TEC-04]
#   reference: [KMS-07]
#   evidence: [derived.key_policy]
#   expected: >-
#     aws:SourceAccount or aws:SourceArn of known accounts on each service; kms:EncryptionContext:aws:logs:arn for
#     CloudWatch Logs
#   remediation: |
#     CDKTF and Terraform: add condition StringEquals aws:SourceAccount = your account to each statement with a Service principal; for CloudWatch Logs ArnLike
#     kms:EncryptionContext:aws:logs:arn = arn:aws:logs:REGION:ACCOUNT:log-group:*.
package policies.keys.services_bound

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if some item in evidence.of("derived.key_policy")

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "services", "a service may use the key on behalf of any account")
}
