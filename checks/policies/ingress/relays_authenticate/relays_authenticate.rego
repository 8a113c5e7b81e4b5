# METADATA
# title: Mail Manager relays authenticate
# description: >-
#   A relay without credentials hands messages to whatever answers under the name. Whether a relay uses TLS is told by no API.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-10, TEC-09]
#   reference: [SES-17]
#   evidence: [aws_mailmanager_relay]
#   expected: authentication with a secret
#   remediation: |
#     CDKTF and Terraform: set authentication.secret_arn on the aws_mailmanager_relay.
#     AWS CLI: aws mailmanager update-relay --relay-id ID --authentication SecretArn=ARN
package policies.ingress.relays_authenticate

import data.policies.lib.evidence

resources contains relay if some relay in evidence.of("aws_mailmanager_relay")

deny contains evidence.finding(relay, "authentication.secret_arn", "the relay hands mail over without credentials") if {
	some relay in resources
	not _authenticates(relay)
}

_authenticates(relay) if evidence.is_set(relay, "authentication.secret_arn")

# The ARN of a secret that the plan makes is there, whatever it will be.
_authenticates(relay) if count(relay._references["authentication.secret_arn"]) > 0
