# METADATA
# title: Mail data goes to HIPAA eligible AWS services only
# description: The business associate addendum of AWS covers patients' data in the services that AWS names, and in no other.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [BAA-05]
#   reference: [ABA-03]
#   evidence: [derived.aws_service]
#   expected: a service on AWS's list of HIPAA eligible services
#   citations: ["AWS, HIPAA Eligible Services Reference, as of 2026-05-22"]
#   remediation: |
#     CDKTF and Terraform: lead events and messages to a service on the list, such as Amazon S3 through Amazon Data Firehose.
#     AWS CLI: aws events remove-targets --rule NAME --ids ID
package policies.services.hipaa_eligible

import data.policies.lib.evidence

resources contains service if some service in evidence.of("derived.aws_service")

deny contains evidence.finding(service, "eligible", _message(service)) if {
	some service in resources
	not service.eligible == true
}

_message(service) := "mail data goes to a service that AWS's addendum does not cover" if {
	service.eligible == false
} else := "mail data goes to a service that is not known to be covered"
