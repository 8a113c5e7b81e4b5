# METADATA
# title: Security Hub watches the account
# description: >-
#   It judges the account all the time, where a scan looks once.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: low
#   controls: [ADM-13, ADM-04]
#   reference: [DET-02]
#   evidence: [derived.security_hub]
#   expected: Security Hub enabled in the Region
#   remediation: |
#     CDKTF and Terraform: add an aws_securityhub_account.
#     AWS CLI: aws securityhub enable-security-hub
package policies.detection.security_hub_on

import data.policies.lib.evidence

resources contains watcher if some watcher in evidence.of("derived.security_hub")

deny contains evidence.finding(watcher, "on", "Security Hub is off here") if {
	some watcher in resources
	not watcher.on == true
}
