# METADATA
# title: Configuration sets require TLS for every delivery
# description: With the default, a message goes out in clear text when the receiving server offers no TLS.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-09, BRN-07]
#   reference: [SES-04]
#   evidence: [aws_sesv2_configuration_set, aws_ses_configuration_set]
#   expected: REQUIRE
#   remediation: |
#     CDKTF and Terraform: set delivery_options.tls_policy to "REQUIRE" on the configuration set (the older aws_ses_configuration_set: "Require").
#     AWS CLI: aws sesv2 put-configuration-set-delivery-options --configuration-set-name NAME --tls-policy REQUIRE
package policies.sending.tls_required

import data.policies.lib.evidence

resources contains set if {
	some kind, _ in _wanted
	some set in evidence.of(kind)
}

# The older API writes the same value otherwise.
_wanted := {
	"aws_sesv2_configuration_set": "REQUIRE",
	"aws_ses_configuration_set": "Require",
}

deny contains evidence.finding(set, "delivery_options.tls_policy", "delivery may fall back to clear text") if {
	some set in resources
	not _required(set)
}

_required(set) if set.delivery_options.tls_policy == _wanted[set._kind]
