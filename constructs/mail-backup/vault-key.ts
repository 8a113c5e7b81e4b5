import type { Construct } from "constructs";
import { accountOf } from "../internal/account.ts";
import { keyStatement, rootArn } from "../internal/key-policy.ts";
import { ServiceKey } from "../internal/service-key.ts";

/** Key of a backup vault: the account uses it through AWS Backup only, which keeps a grant on it. */
export function vaultKey(scope: Construct, id: string): ServiceKey {
	const account = accountOf(scope);
	const throughBackup = { test: "StringEquals", variable: "kms:ViaService", values: [`backup.${account.region}.${account.dnsSuffix}`] };
	const use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"];
	return new ServiceKey(scope, id, {
		description: "Mail backups",
		use: [
			{ ...keyStatement("UseThroughBackup", [...use, "kms:RetireGrant"], "AWS", [rootArn(account)]), condition: [throughBackup] },
			{
				...keyStatement("GrantsForBackup", ["kms:CreateGrant"], "AWS", [rootArn(account)]),
				condition: [{ test: "Bool", variable: "kms:GrantIsForAWSResource", values: ["true"] }, throughBackup],
			},
		],
	});
}
