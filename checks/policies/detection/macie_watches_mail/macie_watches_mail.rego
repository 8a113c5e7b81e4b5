# METADATA
# title: Macie looks into the buckets that keep mail
# description: >-
#   Mail that arrives may hold what nobody expects there; Macie says what, before an incident does.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [ADM-13, ADM-04]
#   reference: [DET-02]
#   evidence: [derived.macie_bucket]
#   expected: automated discovery, or a classification job that names the bucket
#   remediation: |
#     CDKTF and Terraform: an aws_macie2_account, and an aws_macie2_classification_job that names the bucket.
#     AWS CLI: aws macie2 enable-macie, then aws macie2 update-automated-discovery-configuration --status ENABLED
package policies.detection.macie_watches_mail

import data.policies.lib.evidence

resources contains bucket if some bucket in evidence.of("derived.macie_bucket")

deny contains evidence.finding(bucket, path, "Macie does not look into the bucket") if {
	some bucket in resources
	not bucket.watched == true
	path := _path(bucket)
}

# Where it is not known whether the bucket keeps mail, the denial rests on that.
_path(bucket) := "watched" if {
	bucket.keepsMail == true
} else := "keepsMail"
