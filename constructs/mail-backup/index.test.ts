import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { describe, expect, it } from "vitest";
import { MailArchive } from "../mail-archive/index.ts";
import { expectNoFail, onlyResource, resources, statementsOf, synthesize } from "../testing/judge.test-support.ts";
import { MailBackup, type MailBackupProps } from "./index.ts";

function build(props: Partial<MailBackupProps> = {}): string {
	return synthesize((stack) => {
		const { bucket } = new MailArchive(stack, "archive", { backup: false });
		new MailBackup(stack, "backup", { buckets: [bucket], ...props });
	});
}

describe("MailBackup", () => {
	it("fails no check alone; what it satisfies depends on what it stores", async () => {
		await expectNoFail(build());
	});

	it("copies the buckets each day into a vault that nobody can empty", () => {
		const json = build();
		expect(onlyResource(json, "aws_backup_vault")).toMatchObject({ kms_key_arn: expect.stringMatching(/backup_encryption-key/), force_destroy: false });
		expect(onlyResource(json, "aws_backup_vault_lock_configuration")).toMatchObject({ min_retention_days: 35, changeable_for_days: 3 });
		expect(onlyResource(json, "aws_backup_plan")).toMatchObject({ rule: [{ schedule: "cron(0 5 * * ? *)", lifecycle: { delete_after: 35 } }] });
		expect(onlyResource(json, "aws_backup_selection").resources).toEqual([expect.stringMatching(/^\$\{aws_s3_bucket\.archive_store_.*\.arn\}$/)]);
	});

	it("uses its key through AWS Backup alone", () => {
		const json = build();
		const key = resources(json, "aws_kms_key").find(({ description }) => description === "Mail backups");
		const uses = statementsOf(json, key?.policy).filter(({ actions }) => actions.some((action) => /Decrypt|CreateGrant/.test(action)));
		expect(uses).toHaveLength(2);
		for (const { condition = [] } of uses) expect(condition.map(({ variable }) => variable)).toContain("kms:ViaService");
		expect(json).not.toMatch(/arn:aws[:-]/);
	});

	it("copies the copies where told", () => {
		const copyToVaultArn = "arn:aws:backup:us-west-2:111122223333:backup-vault:mail";
		expect(onlyResource(build({ copyToVaultArn }), "aws_backup_plan")).toMatchObject({ rule: [{ copy_action: [{ destination_vault_arn: copyToVaultArn }] }] });
	});

	it("in a sandbox keeps for a day and can be torn down", () => {
		const json = build({ sandbox: true });
		const lock = onlyResource(json, "aws_backup_vault_lock_configuration");
		expect(lock).toMatchObject({ min_retention_days: 1 });
		expect(lock.changeable_for_days).toBeUndefined();
		expect(onlyResource(json, "aws_backup_vault").force_destroy).toBe(true);
		synthesize((stack) => {
			const trial = new MailBackup(stack, "trial", { buckets: [new S3Bucket(stack, "bucket")], sandbox: true });
			expect(trial.node.metadata).toMatchObject([{ type: "@cdktf/warn" }]);
		});
	});

	it.each<[string, Partial<MailBackupProps>, RegExp]>([
		["nothing to copy", { buckets: [] }, /mail\/backup: buckets must be a list with at least one bucket/],
		["copies of a week", { retentionDays: 7 }, /retentionDays must be a whole number of days from 35/],
		["a retention in a sandbox", { sandbox: true, retentionDays: 35 }, /remove one of the two/],
		["a vault by name", { copyToVaultArn: "mail" }, /copyToVaultArn must be the ARN of a backup vault/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
