# METADATA
# title: The key of each event topic lets SES publish, from this account only
# description: >-
#   Where the key does not admit SES the events are lost and nobody is told; where it admits it for anyone, others
#   publish as well.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-05, TEC-04]
#   reference: [SES-09]
#   evidence: [derived.event_topic]
#   expected: >-
#     ses.amazonaws.com with kms:GenerateDataKey* and kms:Decrypt, bound by aws:SourceAccount and aws:SourceArn, in the
#     policy of the topic's key
#   remediation: |
#     CDKTF and Terraform: encrypt the topic with a customer managed key whose policy allows ses.amazonaws.com kms:GenerateDataKey* and kms:Decrypt with
#     StringEquals aws:SourceAccount and ArnLike aws:SourceArn of the configuration set. MailKey does.
package policies.sending.event_topic_key_admits_ses

import data.policies.lib.evidence

# A topic without a key is judged by topics.encrypted.
resources contains item if {
	some item in evidence.of("derived.event_topic")
	not item.encrypted == false
}

deny contains evidence.finding(
	item,
	"admitsSes",
	"the key of the topic does not let SES publish for this account alone",
) if {
	some item in resources
	not item.admitsSes == true
}
