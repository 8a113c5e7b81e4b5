# METADATA
# title: Permissions to send name the identity, the configuration set and the sender address
# description: Who may send as any identity, without the configuration set, escapes the TLS policy and leaves no events.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: medium
#   controls: [ADM-07, TEC-14]
#   reference: [SES-13]
#   evidence: [derived.iam_policy]
#   expected: ARNs of identity and configuration set as resources, a condition on ses:FromAddress, and no ses:*
#   parameters:
#     breakGlassRoles: {default: [], kind: declaration, description: Names of roles for emergencies}
#   remediation: |
#     CDKTF and Terraform: give ses:SendEmail and ses:SendRawEmail on the ARNs of the identity and the configuration set, with condition StringEquals ses:FromAddress.
#     SenderRole does.
package policies.iam.sending_permissions_narrow

import data.policies.lib.documents
import data.policies.lib.evidence

resources contains item if {
	some item in evidence.of("derived.iam_policy")
	not item.forEmergencies == true
	not _for_emergencies(item)
}

deny contains finding if {
	some item in resources
	some finding in documents.listed(item, "looseSending", "the permission to send is wider than one sender needs")
}

_for_emergencies(item) if {
	count(item.holders) > 0
	every holder in item.holders {
		holder in input.parameters.breakGlassRoles
	}
}
