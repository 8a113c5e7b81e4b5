# METADATA
# title: SES writes to a bucket for this account's receipt rules only
# description: >-
#   SES writes for any customer who names the bucket in a receipt rule of his own, unless the policy asks for the rule.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-14]
#   reference: [S3-09]
#   evidence: [derived.bucket_policy]
#   expected: aws:SourceAccount, and aws:SourceArn of a receipt rule, where ses.amazonaws.com may put objects
#   remediation: |
#     CDKTF and Terraform: add StringEquals aws:SourceAccount = ACCOUNT and StringEquals
#     aws:SourceArn = arn:aws:ses:REGION:ACCOUNT:receipt-rule-set/SET:receipt-rule/RULE to the statement. InboundMail does.
package policies.buckets.ses_bound_to_rules

import data.policies.lib.documents
import data.policies.lib.evidence

# One that SES may not write to at all is as it should be.
resources contains item if some item in evidence.of("derived.bucket_policy")

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "mailWriters", "SES may write here for receipt rules of anyone")
}

# Whether SES may write here at all could not be told.
deny contains evidence.finding(item, "writtenByMail", "SES may write here for receipt rules of anyone") if {
	some item in resources
	not _told(item)
}

_told(item) if is_boolean(item.writtenByMail)
