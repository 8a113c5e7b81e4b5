# METADATA
# title: The root user has hardware MFA and no access key
# description: >-
#   Nothing in an account limits its root user. A key of it, or a password alone, gives away everything.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: critical
#   controls: [TEC-08, TEC-01, NPR-15]
#   reference: [IAM-01]
#   evidence: [derived.root_user]
#   expected: MFA by a hardware device, no access key; or no credentials at all where the organization manages them
#   remediation: |
#     Sign in as the root user and register a hardware security key under Security credentials; delete its access keys there.
#     AWS CLI, in the management account of an organization: aws iam enable-organizations-root-credentials-management, then aws sts assume-root to delete a member's root credentials.
package policies.account.root_protected

import data.policies.lib.evidence

resources contains root if some root in evidence.of("derived.root_user")

deny contains evidence.finding(root, "accessKeys", "the root user has an access key") if {
	some root in resources
	not root.accessKeys == 0
}

deny contains evidence.finding(root, "mfa", "the root user signs in without MFA") if {
	some root in resources
	not root.mfa == true
	not root.withoutCredentials == true
}

deny contains evidence.finding(root, "virtualDevice", "the MFA device of the root user is no hardware") if {
	some root in resources
	root.mfa == true
	not root.virtualDevice == false
}

# Without any credentials nobody signs in; whether some can be set anew by e-mail, the organization decides.
deny contains evidence.finding(root, "managed", "the root user's password can be set anew by e-mail, without MFA") if {
	some root in resources
	root.withoutCredentials == true
	not root.managed == true
}
