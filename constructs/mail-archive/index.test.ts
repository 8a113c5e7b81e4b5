import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { describe, expect, it } from "vitest";
import { expectNoFail, onlyResource, reference, resources, synthesize } from "../testing/judge.test-support.ts";
import { MailArchive, type MailArchiveProps } from "./index.ts";

function build(props: MailArchiveProps = {}): string {
	return synthesize((stack) => {
		new MailArchive(stack, "archive", props);
	});
}

/** Without what a store makes for itself where nothing else of the stack does. */
const bare = { backup: false, accessLogBucket: { id: "logs", arn: "arn:aws:s3:::logs" } };

const lockIn = (json: string) => onlyResource(json, "aws_s3_bucket_object_lock_configuration").rule;

describe("MailArchive", () => {
	it("fails no check alone; what it satisfies depends on what it stores", async () => {
		await expectNoFail(build());
	});

	it("locks for six years or longer, and cannot be destroyed", () => {
		expect(lockIn(build())).toEqual({ default_retention: { mode: "COMPLIANCE", days: 2192 } });
		expect(lockIn(build({ retentionDays: 3653 }))).toEqual({ default_retention: { mode: "COMPLIANCE", days: 3653 } });
		expect(onlyResource(build(bare), "aws_s3_bucket")).toMatchObject({ object_lock_enabled: true, force_destroy: false, bucket_prefix: "mail-archive-" });
	});

	it("uses a given key, and logs access where told", () => {
		const json = synthesize((stack) => {
			const encryptionKey = new KmsKey(stack, "own-key", { enableKeyRotation: true });
			new MailArchive(stack, "archive", { encryptionKey, accessLogBucket: new S3Bucket(stack, "logs"), backup: false });
		});
		expect(onlyResource(json, "aws_kms_key")).toBeDefined();
		expect(onlyResource(json, "aws_s3_bucket_logging").target_bucket).toBe(reference("aws_s3_bucket.logs.id"));
	});

	it("has access logged and gets a second copy each day, unless others see to it", () => {
		const json = build();
		expect(resources(json, "aws_s3_bucket_logging")).toHaveLength(1);
		expect(onlyResource(json, "aws_backup_selection").resources).toHaveLength(1);
		expect(build(bare)).not.toContain("aws_backup_vault");
	});

	it("in a sandbox holds for a day, can be torn down, and warns", () => {
		const json = build({ sandbox: true, ...bare });
		expect(lockIn(json)).toEqual({ default_retention: { mode: "GOVERNANCE", days: 1 } });
		expect(onlyResource(json, "aws_s3_bucket").force_destroy).toBe(true);
		synthesize((stack) => {
			expect(new MailArchive(stack, "trial", { sandbox: true }).node.metadata).toMatchObject([{ type: "@cdktf/warn" }]);
		});
	});

	it.each<[string, MailArchiveProps, RegExp]>([
		["a retention below six years", { retentionDays: 2191 }, /mail\/archive: retentionDays must be .* got 2191/],
		["a retention in a sandbox", { sandbox: true, retentionDays: 2192 }, /left out with sandbox: true/],
		["a prefix in capitals", { bucketPrefix: "Clinic-" }, /bucketPrefix/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
