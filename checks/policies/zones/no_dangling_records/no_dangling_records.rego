# METADATA
# title: No record points at what the account no longer holds
# description: Whoever gets the abandoned name next answers under yours, with a certificate for it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-13, ADM-04]
#   reference: [EDG-03]
#   evidence: [derived.record_target]
#   expected: a distribution or bucket of the account behind each record that names one
#   remediation: |
#     CDKTF and Terraform: remove the aws_route53_record, or make it of the resource's own attributes.
#     AWS CLI: aws route53 change-resource-record-sets --hosted-zone-id ID --change-batch file://delete.json
package policies.zones.no_dangling_records

import data.policies.lib.evidence

resources contains record if some record in evidence.of("derived.record_target")

deny contains evidence.finding_with(record, "held", "the record points at what nobody here holds", {
	"observed": evidence.shown(record, "target"),
}) if {
	some record in resources
	not record.held == true
}
