# METADATA
# title: Mail Manager takes mail over TLS only
# description: An ingress point that only offers TLS takes messages in clear text from whoever does not ask for it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [TEC-10, TEC-09]
#   reference: [SES-17]
#   evidence: [aws_mailmanager_ingress_point]
#   expected: tls_policy REQUIRED or FIPS
#   remediation: |
#     CDKTF and Terraform: set tls_policy = "REQUIRED" on the aws_mailmanager_ingress_point.
#     AWS CLI: aws mailmanager update-ingress-point --ingress-point-id ID --tls-policy REQUIRED
package policies.ingress.tls_required

import data.policies.lib.evidence

# A closed point takes no mail.
resources contains point if {
	some point in evidence.of("aws_mailmanager_ingress_point")
	not _closed(point)
}

_closed(point) if point.status == "CLOSED"

_closed(point) if point.status_to_update == "CLOSED"

deny contains evidence.finding(point, "tls_policy", "mail may be taken in clear text") if {
	some point in resources
	not _required(point)
}

# In a helper: a negation over a value that is not there would be undefined.
_required(point) if point.tls_policy in {"REQUIRED", "FIPS"}
