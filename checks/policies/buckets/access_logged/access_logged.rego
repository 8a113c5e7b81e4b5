# METADATA
# title: Access to buckets is logged
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

# A bucket of access logs would log itself without end; what is served to everyone holds nothing that is secret.
resources contains item if {
	some item in evidence.of("derived.bucket_logging")
	not _exempt(item)
}

_exempt(item) if "access_logs" in item.holds

_exempt(item) if item.holds == ["published"]

deny contains evidence.finding_with(item, "target", _message(item), {"restsOn": [{"id": item._id, "path": path} | some path in ["trails", "holds"]]}) if {
	some item in resources
	not item.target == "another"
	not _in_a_trail(item)
}

_message(item) := "the bucket's access log goes to the bucket itself" if {
	item.target == "itself"
} else := "access to the bucket is not logged"

_in_a_trail(item) if count(item.trails) > 0
