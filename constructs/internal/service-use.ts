import type {
	DataAwsIamPolicyDocumentStatement,
	DataAwsIamPolicyDocumentStatementCondition,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import type { Account } from "./account.ts";
import { keyStatement, rootArn } from "./key-policy.ts";

/** That KMS is asked by one of the services on a caller's behalf, not by the caller. */
export function viaService(account: Account, services: readonly string[]): DataAwsIamPolicyDocumentStatementCondition {
	return { test: "StringEquals", variable: "kms:ViaService", values: services.map((service) => `${service}.${account.region}.${account.dnsSuffix}`) };
}

/** For a key's policy: the account's roles use the key through these services, as their own policies say; the services keep grants on it. */
export function useThrough(account: Account, services: readonly string[]): DataAwsIamPolicyDocumentStatement[] {
	const through = viaService(account, services);
	return [
		{
			...keyStatement("UseThroughServices", ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"], "AWS", [rootArn(account)]),
			condition: [through],
		},
		{
			...keyStatement("GrantsForServices", ["kms:CreateGrant"], "AWS", [rootArn(account)]),
			condition: [{ test: "Bool", variable: "kms:GrantIsForAWSResource", values: ["true"] }, through],
		},
	];
}
