# METADATA
# title: Access to buckets of mail and logs is logged
# description: Who read which message can be told only if it was written down.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-05, ADM-04]
#   reference: [S3-05]
#   evidence: [derived.bucket_logging]
#   expected: a log of access in another bucket, or a trail of reads and writes of objects
#   remediation: |
#     CDKTF and Terraform: add an aws_s3_bucket_logging with target_bucket of another bucket.
#     AWS CLI: aws s3api put-bucket-logging --bucket NAME --bucket-logging-status file://logging.json
package policies.buckets.access_logged

import data.policies.lib.evidence

# Those that mail, its events and what tells of them pass through. A bucket of access logs would log itself without end.
resources contains item if {
	some item in evidence.of("derived.bucket_logging")
	not _out_of_scope(item)
}

_out_of_scope(item) if "access_logs" in item.holds

_out_of_scope(item) if {
	is_array(item.holds)
	count({role | some role in item.holds; role in {"configuration_history", "events", "inbox", "mail", "trail"}}) == 0
}

deny contains evidence.finding_with(item, "target", _message(item), {"restsOn": [{"id": item._id, "path": path} |
	some path in ["recorded", "holds"]
]}) if {
	some item in resources
	not item.target == "another"
	not item.recorded == true
}

_message(item) := "the bucket's access log goes to the bucket itself" if {
	item.target == "itself"
} else := "access to the bucket is not logged"
