import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import type { Account } from "./account.ts";
import type { PropRule } from "./prop-checks.ts";

export const administratorRule: PropRule = {
	wanted: "the ARN of an IAM role or user",
	remedy: 'name each administrator, such as "arn:aws:iam::111122223333:role/key-admin", or leave the prop out for the account itself',
};

export function isAdministrator(arn: string): boolean {
	return /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/.test(arn);
}

// kms:CreateGrant and every cryptographic action are left out on purpose: a grant would let an administrator decrypt.
const administrativeActions = [
	"kms:CancelKeyDeletion",
	"kms:CreateAlias",
	"kms:DeleteAlias",
	"kms:DisableKey",
	"kms:DisableKeyRotation",
	"kms:EnableKey",
	"kms:EnableKeyRotation",
	"kms:PutKeyPolicy",
	"kms:RevokeGrant",
	"kms:RotateKeyOnDemand",
	"kms:ScheduleKeyDeletion",
	"kms:TagResource",
	"kms:UntagResource",
	"kms:UpdateAlias",
	"kms:UpdateKeyDescription",
];

const readingActions = [
	"kms:DescribeKey",
	"kms:GetKeyPolicy",
	"kms:GetKeyRotationStatus",
	"kms:ListGrants",
	"kms:ListKeyPolicies",
	"kms:ListKeyRotations",
	"kms:ListResourceTags",
];

/** Administration without use, and reading of the settings. */
export function administration(account: Account, administratorArns: readonly string[] | undefined): DataAwsIamPolicyDocumentStatement[] {
	const administrators = administratorArns === undefined ? [rootArn(account)] : [...administratorArns];
	return [
		keyStatement("Administration", administrativeActions, "AWS", administrators),
		// Whoever audits the account can read the settings of the key, whoever administers it.
		keyStatement("Inspection", readingActions, "AWS", [rootArn(account)]),
	];
}

/** CloudWatch Logs tells the log group in the encryption context; that binds the use to this account's groups. */
export function logsUse(account: Account): DataAwsIamPolicyDocumentStatement {
	const { accountId, partition, region } = account;
	return {
		...keyStatement("Logs", ["kms:Encrypt", "kms:ReEncrypt*", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:Decrypt"], "Service", [
			`logs.${region}.${account.dnsSuffix}`,
		]),
		condition: [{ test: "ArnLike", variable: "kms:EncryptionContext:aws:logs:arn", values: [`arn:${partition}:logs:${region}:${accountId}:log-group:*`] }],
	};
}

/** In a key policy "*" is the key that the policy belongs to. */
export function keyStatement(sid: string, actions: string[], type: "AWS" | "Service", identifiers: string[]): DataAwsIamPolicyDocumentStatement {
	return { sid, actions, resources: ["*"], principals: [{ type, identifiers }] };
}

export function rootArn(account: Account): string {
	return `arn:${account.partition}:iam::${account.accountId}:root`;
}
