# METADATA
# title: GuardDuty is on and watches S3
# description: >-
#   Stolen credentials show in how they are used; GuardDuty looks at that, and at reads of buckets only where it is
#   told to.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-09, ADM-10, TEC-05, NPR-13]
#   reference: [DET-01]
#   evidence: [derived.detector]
#   expected: a detector that is enabled with the feature S3_DATA_EVENTS
#   remediation: |
#     CDKTF and Terraform: set enable = true on an aws_guardduty_detector and add an aws_guardduty_detector_feature S3_DATA_EVENTS with status ENABLED.
#     AWS CLI: aws guardduty create-detector --enable --features Name=S3_DATA_EVENTS,Status=ENABLED
package policies.detection.guardduty_watches_s3

import data.policies.lib.evidence

resources contains detector if some detector in evidence.of("derived.detector")

deny contains evidence.finding(detector, "exists", "GuardDuty has no detector here") if {
	some detector in resources
	not detector.exists == true
}

deny contains evidence.finding(detector, path, lack) if {
	some detector in resources
	detector.exists == true
	some path, lack in _lacks
	not detector[path] == true
}

_lacks := {
	"enabled": "the detector is off",
	"watchesS3": "the detector does not watch S3",
}
