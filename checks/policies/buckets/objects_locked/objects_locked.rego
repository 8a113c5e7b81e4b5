# METADATA
# title: Buckets of logs and mail lock objects for six years
# description: A locked object can be neither changed nor deleted, whoever holds the keys of the account.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-06, PRV-10, ADM-14]
#   reference: [S3-06]
#   evidence: [derived.bucket_lock]
#   expected: a default retention of at least 2192 days
#   parameters:
#     retentionDays: {default: 2192, stricter: higher, description: Days that objects stay locked}
#     modes: {default: [COMPLIANCE, GOVERNANCE], stricter: subset, description: Modes of retention that count}
#   remediation: |
#     CDKTF and Terraform: set object_lock_enabled = true on the aws_s3_bucket and add an aws_s3_bucket_object_lock_configuration with rule.default_retention of mode COMPLIANCE and days 2192.
#     AWS CLI: aws s3api put-object-lock-configuration --bucket NAME --object-lock-configuration file://lock.json
package policies.buckets.objects_locked

import data.policies.lib.evidence

# Those that keep mail, events and trails. S3 delivers no access logs to a bucket with a default retention.
resources contains item if {
	some item in evidence.of("derived.bucket_lock")
	not _out_of_scope(item)
}

_out_of_scope(item) if {
	is_array(item.holds)
	count({role | some role in item.holds; role in {"events", "mail", "trail", "configuration_history"}}) == 0
}

deny contains evidence.finding_with(item, "mode", "objects are not locked", {
	"restsOn": [{"id": item._id, "path": path} | some path in ["holds"]],
}) if {
	some item in resources
	not _locked(item)
}

deny contains evidence.finding_with(item, "days", "objects are locked for too short a time", {
	"observed": {"days": evidence.shown(item, "days"), "years": evidence.shown(item, "years")},
	"expected": sprintf("at least %d days", [input.parameters.retentionDays]),
	"restsOn": [{"id": item._id, "path": path} | some path in ["years", "holds"]],
}) if {
	some item in resources
	_locked(item)
	not _long(item)
}

_long(item) if evidence.at_least(item, "days", input.parameters.retentionDays)

# Six years with two leap days are 2192 days.
_long(item) if {
	is_number(item.years)
	evidence.at_least({"days": item.years * 366}, "days", input.parameters.retentionDays)
}

_locked(item) if item.mode in input.parameters.modes
