# METADATA
# title: Registered mail domains are locked against transfer
# description: >-
#   Whoever moves the domain to another registrar moves the mail with it.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [TEC-13]
#   reference: [EDG-03]
#   evidence: [aws_route53domains_registered_domain]
#   expected: transfer_lock true
#   remediation: |
#     CDKTF and Terraform: leave transfer_lock of the aws_route53domains_registered_domain at true.
#     AWS CLI: aws route53domains enable-domain-transfer-lock --domain-name NAME
package policies.zones.transfer_locked

import data.policies.lib.evidence

resources contains domain if some domain in evidence.of("aws_route53domains_registered_domain")

deny contains evidence.finding(domain, "transfer_lock", "the domain can be moved to another registrar") if {
	some domain in resources
	not _locked(domain)
}

_locked(domain) if domain.transfer_lock == true

# The provider locks unless told otherwise.
_locked(domain) if evidence.unset(domain, "transfer_lock")
