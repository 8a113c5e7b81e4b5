# METADATA
# title: Buckets of logs and mail keep objects for six years
# description: A lifecycle rule deletes without asking; what is deleted early cannot be shown to anyone.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-06, ADM-14, PRV-10]
#   reference: [LOG-07]
#   evidence: [derived.bucket_lifecycle]
#   expected: no rule that deletes before 2192 days
#   parameters:
#     retentionDays: {default: 2192, stricter: higher, description: Days that objects are kept}
#   remediation: |
#     CDKTF and Terraform: set expiration.days and noncurrent_version_expiration.noncurrent_days to 2192 or more in each rule of the aws_s3_bucket_lifecycle_configuration, or take them out.
#     AWS CLI: aws s3api put-bucket-lifecycle-configuration --bucket NAME --lifecycle-configuration file://lifecycle.json
package policies.buckets.kept_six_years

import data.policies.lib.evidence

resources contains item if {
	some item in evidence.of("derived.bucket_lifecycle")
	not _out_of_scope(item)
}

_out_of_scope(item) if {
	is_array(item.holds)
	count({role | some role in item.holds; not role in {"inbox", "published"}}) == 0
}

deny contains evidence.finding_with(item, path, message, {
	"expected": sprintf("at least %d days, or never", [input.parameters.retentionDays]),
	"restsOn": [{"id": item._id, "path": place} | some place in ["holds"]],
}) if {
	some item in resources
	some path, message in {
		"expiresAfterDays": "objects are deleted too early",
		"noncurrentAfterDays": "old versions are deleted too early",
	}
	not _kept(item, path)
}

deny contains evidence.finding_with(item, "expiresOnDate", "a rule deletes everything on a date", {
	"restsOn": [{"id": item._id, "path": path} | some path in ["holds"]],
}) if {
	some item in resources
	not item.expiresOnDate == false
}

_kept(item, path) if evidence.at_least(item, path, input.parameters.retentionDays)

_kept(item, path) if item[path] == null
