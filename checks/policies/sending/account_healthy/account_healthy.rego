# METADATA
# title: The account may send and is healthy
# description: An account that AWS has paused sends no appointment reminder and no result.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-11]
#   reference: [SES-18]
#   evidence: [aws.ses_account]
#   expected: production access, sending enabled, EnforcementStatus HEALTHY
#   remediation: |
#     AWS CLI: aws sesv2 get-account shows the state; answer the open support case, or ask for production access with aws sesv2 put-account-details.
package policies.sending.account_healthy

import data.policies.lib.evidence

resources contains account if some account in evidence.of("aws.ses_account")

deny contains evidence.finding(account, "production_access_enabled", "the account is in the sandbox") if {
	some account in resources
	not account.production_access_enabled == true
}

deny contains evidence.finding(account, "sending_enabled", "sending is switched off") if {
	some account in resources
	not account.sending_enabled == true
}

deny contains evidence.finding(account, "enforcement_status", "AWS has put the account under review or paused it") if {
	some account in resources
	not account.enforcement_status == "HEALTHY"
}
