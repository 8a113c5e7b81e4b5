import type { AttachedPolicy, PolicyDetail } from "@aws-sdk/client-iam";
import { awsCollector } from "../../aws/collector.ts";
import { listOf, type Made, table } from "../../aws/table.ts";
import { accountTables } from "./account.ts";
import { authorization, iam } from "./api.ts";
import { credentialTables } from "./credentials.ts";

/** IAM gives policy documents URL-encoded (RFC 3986). */
function document(text: string | undefined): string | undefined {
	return text === undefined ? undefined : decodeURIComponent(text);
}

function inline(kind: "role" | "user" | "group", owner: string, policies: readonly PolicyDetail[] | undefined): Made[] {
	return (policies ?? []).map((one) => ({
		id: `${kind}/${owner}:${one.PolicyName}`,
		values: { id: `${owner}:${one.PolicyName}`, name: one.PolicyName, [kind]: owner, policy: document(one.PolicyDocument) },
	}));
}

function attached(kind: "role" | "user" | "group", owner: string, policies: readonly AttachedPolicy[] | undefined): Made[] {
	return (policies ?? []).map((one) => ({
		id: `${kind}/${owner}|${one.PolicyArn}`,
		values: { id: `${owner}/${one.PolicyArn}`, [kind]: owner, policy_arn: one.PolicyArn },
	}));
}

const users = table({
	list: listOf(authorization, {}, (page) => page.UserDetailList),
	id: (one) => one.Arn ?? "",
	details: {
		login: {
			operation: iam("GetLoginProfile", { expects: ["LoginProfile"] }),
			input: (one) => ({ UserName: one.UserName }),
			absent: ["NoSuchEntityException", "NoSuchEntity"],
		},
		keys: { operation: iam("ListAccessKeys", { pages: "Marker", expects: ["AccessKeyMetadata"] }), input: (one) => ({ UserName: one.UserName }) },
	},
	kinds: {
		aws_iam_user: {
			map: (one) => ({
				id: one.Arn ?? "",
				values: {
					arn: one.Arn,
					id: one.UserName,
					name: one.UserName,
					path: one.Path,
					permissions_boundary: one.PermissionsBoundary?.PermissionsBoundaryArn,
				},
			}),
		},
		aws_iam_user_policy: { map: ({ UserName: name = "", UserPolicyList }) => inline("user", name, UserPolicyList) },
		aws_iam_user_policy_attachment: { map: ({ UserName: name = "", AttachedManagedPolicies }) => attached("user", name, AttachedManagedPolicies) },
		aws_iam_user_group_membership: {
			map: ({ UserName: name = "", GroupList }) =>
				GroupList === undefined || GroupList.length === 0 ? undefined : { id: `user/${name}|groups`, values: { id: name, user: name, groups: GroupList } },
		},
		aws_iam_user_login_profile: {
			of: ["login"],
			map: ({ UserName: name = "" }, { login }) =>
				login === null
					? undefined
					: {
							id: `user/${name}|login`,
							values: { id: name, user: name, password_reset_required: login[0]?.LoginProfile?.PasswordResetRequired },
							onlyInPlan: ["pgp_key"],
						},
		},
		aws_iam_access_key: {
			of: ["keys"],
			map: ({ UserName: name = "" }, { keys }) =>
				(keys ?? []).flatMap((page) =>
					(page.AccessKeyMetadata ?? []).map((key) => ({
						id: key.AccessKeyId ?? "",
						values: { id: key.AccessKeyId, user: name, status: key.Status },
						onlyInPlan: ["pgp_key"],
					})),
				),
		},
		"aws.iam_access_key": {
			of: ["keys"],
			map: ({ UserName: name = "" }, { keys }) =>
				(keys ?? []).flatMap((page) =>
					(page.AccessKeyMetadata ?? []).map((key) => ({
						id: `${key.AccessKeyId}|age`,
						values: { id: key.AccessKeyId, user: name, status: key.Status, created_at: key.CreateDate },
					})),
				),
		},
	},
});

const groups = table({
	list: listOf(authorization, {}, (page) => page.GroupDetailList),
	id: (one) => one.Arn ?? "",
	kinds: {
		aws_iam_group: { map: (one) => ({ id: one.Arn ?? "", values: { arn: one.Arn, id: one.GroupName, name: one.GroupName, path: one.Path } }) },
		aws_iam_group_policy: { map: ({ GroupName: name = "", GroupPolicyList }) => inline("group", name, GroupPolicyList) },
		aws_iam_group_policy_attachment: { map: ({ GroupName: name = "", AttachedManagedPolicies }) => attached("group", name, AttachedManagedPolicies) },
	},
});

const roles = table({
	list: listOf(authorization, {}, (page) => page.RoleDetailList),
	id: (one) => one.Arn ?? "",
	details: { role: { operation: iam("GetRole", { expects: ["Role"] }), input: (one) => ({ RoleName: one.RoleName }) } },
	kinds: {
		aws_iam_role: {
			of: ["role"],
			map: (one, { role }) => ({
				id: one.Arn ?? "",
				values: {
					arn: one.Arn,
					id: one.RoleName,
					name: one.RoleName,
					path: one.Path,
					assume_role_policy: document(one.AssumeRolePolicyDocument),
					max_session_duration: role?.[0]?.Role?.MaxSessionDuration,
					permissions_boundary: one.PermissionsBoundary?.PermissionsBoundaryArn,
				},
			}),
		},
		aws_iam_role_policy: { map: ({ RoleName: name = "", RolePolicyList }) => inline("role", name, RolePolicyList) },
		aws_iam_role_policy_attachment: { map: ({ RoleName: name = "", AttachedManagedPolicies }) => attached("role", name, AttachedManagedPolicies) },
	},
});

const policies = table({
	list: listOf(authorization, {}, (page) => page.Policies),
	id: (one) => one.Arn ?? "",
	kinds: {
		aws_iam_policy: {
			map: (one) => ({
				id: one.Arn ?? "",
				values: {
					arn: one.Arn,
					id: one.Arn,
					name: one.PolicyName,
					path: one.Path,
					policy: document(one.PolicyVersionList?.find((version) => version.IsDefaultVersion === true)?.Document),
				},
			}),
		},
	},
});

/** Identities with what they may do, and the account's own settings. Secrets of keys are never to be had; the rest is not asked for. */
export default awsCollector({
	id: "aws-iam",
	tables: [users, groups, roles, policies, ...accountTables, ...credentialTables],
	shownBy: { aws_iam_policy_attachment: "aws_iam_role_policy_attachment", aws_iam_group_membership: "aws_iam_user_group_membership" },
});
