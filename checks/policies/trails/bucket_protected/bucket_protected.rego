# METADATA
# title: The bucket of the trail is private, access-logged and protected from deletion
# description: >-
#   Who can change or delete the log files can undo the record of what was done.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-05, TEC-06]
#   reference: [CT-05]
#   evidence: [derived.trail_bucket]
#   expected: public access blocked, ACLs off, no public policy, access logs in another bucket, and object lock or MFA delete
#   parameters:
#     retentionDays: {default: 2192, stricter: higher, description: Days that log files cannot be deleted}
#   remediation: |
#     CDKTF and Terraform: give the bucket an aws_s3_bucket_public_access_block, aws_s3_bucket_ownership_controls with BucketOwnerEnforced, an aws_s3_bucket_logging to another bucket, and an aws_s3_bucket_object_lock_configuration.
#     AWS CLI: aws s3api put-public-access-block, put-bucket-ownership-controls, put-bucket-logging and put-object-lock-configuration
package policies.trails.bucket_protected

import data.policies.lib.evidence

resources contains trail if some trail in evidence.of("derived.trail_bucket")

deny contains evidence.finding(trail, path, lack) if {
	some trail in resources
	some path, lack in {
		"publicBlocked": "public access to the trail's bucket is not blocked",
		"aclsOff": "objects of the trail's bucket can be opened by ACL",
		"notPublic": "the policy of the trail's bucket admits everyone",
	}
	not trail[path] == true
}

deny contains evidence.finding(trail, "logsTo", "access to the log files is not logged in another bucket") if {
	some trail in resources
	not trail.logsTo == "another"
}

deny contains evidence.finding_with(trail, path, "log files can be deleted before their time", {
	"expected": sprintf("object lock of at least %d days, or MFA delete", [input.parameters.retentionDays]),
}) if {
	some trail in resources
	not _kept(trail)
	some path in ["lockDays", "mfaDelete"]
	not path in _settled(trail)
}

_kept(trail) if evidence.at_least(trail, "lockDays", input.parameters.retentionDays)

_kept(trail) if trail.mfaDelete == true

# One that is known too short does not settle it while the other is not known.
_settled(trail) := {"lockDays"} if {
	evidence.is_set(trail, "lockDays")
	not evidence.is_set(trail, "mfaDelete")
} else := {"mfaDelete"} if {
	evidence.is_set(trail, "mfaDelete")
	not evidence.is_set(trail, "lockDays")
} else := set()
