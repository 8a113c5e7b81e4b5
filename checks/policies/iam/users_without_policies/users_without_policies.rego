# METADATA
# title: Users have no policies of their own
# description: Permissions of single users are overlooked when they are reviewed; groups and roles are not.
# scope: package
# schemas:
#   - input: schema["evidence"]
# custom:
#   severity: high
#   controls: [ADM-07, TEC-14]
#   reference: [IAM-06]
#   evidence: [aws_iam_user, aws_iam_user_policy, aws_iam_user_policy_attachment, aws_iam_policy_attachment]
#   expected: no policy attached to a user or inline in one
#   remediation: |
#     CDKTF and Terraform: attach the policy to a group or role in place of the user.
#     AWS CLI: aws iam detach-user-policy --user-name NAME --policy-arn ARN
package policies.iam.users_without_policies

import data.policies.lib.evidence

resources contains user if some user in evidence.of("aws_iam_user")

resources contains policy if {
	some policy in _of_users
	not _known(policy)
}

_of_users contains policy if {
	some kind in ["aws_iam_user_policy", "aws_iam_user_policy_attachment"]
	some policy in evidence.of(kind)
}

_of_users contains attachment if {
	some attachment in evidence.of("aws_iam_policy_attachment")
	not evidence.unset(attachment, "users")
}

_known(policy) if {
	some user in evidence.of("aws_iam_user")
	_names(policy, user)
}

_names(policy, user) if evidence.refers(policy, "user", user)

_names(policy, user) if user._id in object.get(policy, ["_references", "users"], [])

_names(policy, user) if user.name in policy.users

deny contains evidence.finding_with(
	user,
	"name",
	"a policy belongs to the user alone",
	{"observed": _policies(user)},
) if {
	some user in evidence.of("aws_iam_user")
	not _without(user)
}

deny contains evidence.finding(policy, "user", "a policy belongs to a user alone") if {
	some policy in resources
	policy._kind != "aws_iam_user"
}

_policies(user) := [policy._id | some policy in _of_users; _names(policy, user)]

_without(user) if _policies(user) == []
