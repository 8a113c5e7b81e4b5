# METADATA
# title: Reads and writes of mail objects are recorded
# description: >-
#   Who read a stored message is told by data events alone, which a trail records only where its selectors ask for
#   them.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-05, TEC-01]
#   reference: [CT-03]
#   evidence: [derived.object_recording]
#   expected: a logging trail with data events of AWS::S3::Object, reads and writes, for the bucket
#   remediation: |
#     CDKTF and Terraform: add an advanced_event_selector to the aws_cloudtrail with eventCategory Data, resources.type AWS::S3::Object and resources.ARN starts_with the bucket's ARN and a slash.
#     AWS CLI: aws cloudtrail put-event-selectors --trail-name NAME --advanced-event-selectors file://selectors.json
package policies.trails.mail_objects_recorded

import data.policies.lib.evidence

resources contains bucket if some bucket in evidence.of("derived.object_recording")

deny contains evidence.finding(bucket, path, lack) if {
	some bucket in resources
	some path, lack in _lacks
	not bucket[path] == true
}

_lacks := {
	"reads": "no trail records who reads the objects",
	"writes": "no trail records who writes the objects",
}
