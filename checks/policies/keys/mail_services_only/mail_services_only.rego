# METADATA
# title: Keys of mail data admit the services of mail alone
# description: >-
#   Every service in the policy of a mail key is another way to what it protects. Other services get keys of their own.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-06, ADM-07, TEC-04]
#   reference: [KMS-07]
#   evidence: [derived.mail_key]
#   expected: no services but SES, SNS, Firehose, S3 and CloudWatch Logs
#   parameters:
#     services: {default: [firehose, logs, s3, ses, sns], stricter: subset, description: Services that may use a key of mail data}
#   remediation: |
#     CDKTF and Terraform: give what is not mail a key of its own and take its service out of this policy.
package policies.keys.mail_services_only

import data.policies.lib.evidence

resources contains item if {
	some item in evidence.of("derived.mail_key")
	not item.holdsMail == false
}

deny contains evidence.finding(
	item,
	"admittedServices.certain",
	"a service that has no part in mail may use the key",
) if {
	some item in resources
	item.holdsMail == true
	not _mail_alone(item)
}

# Whether mail is under the key could not be told.
deny contains evidence.finding(item, "holdsMail", "a service that has no part in mail may use the key") if {
	some item in resources
	not item.holdsMail == true
	not _mail_alone(item)
}

deny contains evidence.finding(item, "admittedServices.undecided", "a service that is not known may use the key") if {
	some item in resources
	not item.admittedServices.undecided == []
}

_mail_alone(item) if {
	services := item.admittedServices.certain
	every service in services {
		service in input.parameters.services
	}
}
