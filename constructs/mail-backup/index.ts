import { BackupPlan, type BackupPlanRuleCopyAction } from "@cdktf/provider-aws/lib/backup-plan/index.js";
import { BackupSelection } from "@cdktf/provider-aws/lib/backup-selection/index.js";
import { BackupVault } from "@cdktf/provider-aws/lib/backup-vault/index.js";
import { BackupVaultLockConfiguration } from "@cdktf/provider-aws/lib/backup-vault-lock-configuration/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { accountOf } from "../internal/account.ts";
import type { BucketReference, KeyReference } from "../internal/existing.ts";
import { physicalName } from "../internal/physical-name.ts";
import { serviceTrust } from "../internal/policy-document.ts";
import { checkProp, isWholeNumber, propError } from "../internal/prop-checks.ts";
import { vaultKey } from "./vault-key.ts";

export interface MailBackupProps {
	/** Buckets that get a second copy each day; they must be versioned. @default - none */
	readonly buckets?: readonly BucketReference[];
	/** DynamoDB tables that get one too. @default - none */
	readonly tables?: readonly { readonly arn: string }[];
	/** Key that encrypts the copies. Its policy must let the account use it through AWS Backup. @default - a new key that rotates yearly */
	readonly encryptionKey?: KeyReference;
	/** Days that each copy is kept and cannot be deleted, 35 to 36500. @default 35 */
	readonly retentionDays?: number;
	/** ARN of a vault in another Region or account that gets a copy of each copy. @default - none */
	readonly copyToVaultArn?: string;
	/** For trials that are torn down again: copies are kept for a day, and the vault can be unlocked and emptied. Synthesis warns. @default false */
	readonly sandbox?: boolean;
}

/** 05:00 UTC: midnight to one in the morning in the United States' east. */
const daily = "cron(0 5 * * ? *)";

/** Days after which nobody can take the vault's lock off, the shortest that AWS Backup allows. */
const coolingOffDays = 3;

/**
 * Daily copies of mail buckets and tables in a locked vault (45 CFR 164.308(a)(7)(ii)(A)). Three days after the first apply nobody can
 * take the lock off or delete a copy before its time, the account root included: try it with sandbox first.
 *
 * Satisfies: buckets.second_copy, keys.alias_given, keys.deletion_window, keys.duties_separated, keys.mail_services_only,
 * keys.no_public_principal, keys.policy_written, keys.rotation_enabled, tables.backed_up
 *
 * Meets: S3-07, KMS-06
 */
export class MailBackup extends Construct {
	readonly encryptionKey: KeyReference;
	readonly vault: BackupVault;
	readonly vaultLock: BackupVaultLockConfiguration;
	readonly plan: BackupPlan;
	readonly role: IamRole;
	readonly selection: BackupSelection;

	constructor(scope: Construct, id: string, props: MailBackupProps) {
		super(scope, id);
		checkProps(this, props);
		const sandbox = props.sandbox === true;
		const days = sandbox ? 1 : (props.retentionDays ?? 35);
		if (sandbox)
			Annotations.of(this).addWarning("sandbox: copies are kept for one day and can be deleted; set sandbox: false before mail of patients is stored");
		const name = physicalName(this, 50);
		this.encryptionKey = props.encryptionKey ?? vaultKey(this, "encryption-key").key;
		this.vault = new BackupVault(this, "vault", { name, kmsKeyArn: this.encryptionKey.arn, forceDestroy: sandbox });
		this.vaultLock = new BackupVaultLockConfiguration(this, "vault-lock", {
			backupVaultName: this.vault.name,
			minRetentionDays: days,
			...(sandbox ? {} : { changeableForDays: coolingOffDays }),
		});
		this.plan = new BackupPlan(this, "plan", {
			name,
			rule: [
				{
					ruleName: "daily",
					targetVaultName: this.vault.name,
					schedule: daily,
					lifecycle: { deleteAfter: days },
					...(props.copyToVaultArn === undefined ? {} : { copyAction: [copyTo(props.copyToVaultArn, days)] }),
				},
			],
		});
		// AWS Backup names neither account nor plan when it takes the role: iam:PassRole alone decides who gives it.
		this.role = new IamRole(this, "role", { namePrefix: "mail-backup-", assumeRolePolicy: serviceTrust(this, "trust", "backup.amazonaws.com").json });
		const attach = (id: string, policy: string) =>
			new IamRolePolicyAttachment(this, id, { role: this.role.name, policyArn: `arn:${accountOf(this).partition}:iam::aws:policy/${policy}` });
		const { buckets = [], tables = [] } = props;
		const attached = [
			...(buckets.length === 0 ? [] : [attach("backup", "AWSBackupServiceRolePolicyForS3Backup"), attach("restore", "AWSBackupServiceRolePolicyForS3Restore")]),
			...(tables.length === 0
				? []
				: [
						attach("backup-tables", "service-role/AWSBackupServiceRolePolicyForBackup"),
						attach("restore-tables", "service-role/AWSBackupServiceRolePolicyForRestores"),
					]),
		];
		this.selection = new BackupSelection(this, "selection", {
			name,
			planId: this.plan.id,
			iamRoleArn: this.role.arn,
			resources: [...buckets, ...tables].map(({ arn }) => arn),
			dependsOn: attached,
		});
	}
}

function copyTo(destinationVaultArn: string, deleteAfter: number): BackupPlanRuleCopyAction {
	// Written out: the provider computes it inside a set, where an unset value shows as a change in every plan.
	return { destinationVaultArn, lifecycle: { deleteAfter, optInToArchiveForSupportedResources: false } };
}

function checkProps(scope: Construct, props: MailBackupProps): void {
	if ((props.buckets ?? []).length + (props.tables ?? []).length === 0) {
		throw propError(scope, "buckets", [], { wanted: "a list with at least one bucket where tables has none", remedy: "name what is to be copied" });
	}
	checkProp(scope, "retentionDays", props.retentionDays, (days) => isWholeNumber(days, 35, 36_500), {
		wanted: "a whole number of days from 35 to 36500",
		remedy: "leave it out for 35; for a trial that can be torn down set sandbox: true instead",
	});
	if (props.sandbox === true && props.retentionDays !== undefined) {
		throw propError(scope, "retentionDays", props.retentionDays, {
			wanted: "left out with sandbox: true, which keeps nothing longer than a day",
			remedy: "remove one of the two",
		});
	}
	checkProp(scope, "copyToVaultArn", props.copyToVaultArn, (arn) => /^arn:aws[a-z-]*:backup:[a-z0-9-]+:\d{12}:backup-vault:[\w-]{2,50}$/.test(arn), {
		wanted: "the ARN of a backup vault",
		remedy: 'write it such as "arn:aws:backup:us-west-2:111122223333:backup-vault:mail"',
	});
}
