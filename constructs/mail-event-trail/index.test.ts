import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { TerraformVariable } from "cdktf";
import { describe, expect, it } from "vitest";
import { DeliverySettings } from "../delivery-settings/index.ts";
import { onlyResource, reference, synthesize } from "../testing/judge.test-support.ts";
import { MailEventTrail, type MailEventTrailProps } from "./index.ts";

function build(props: Omit<MailEventTrailProps, "configurationSet"> = {}): string {
	return synthesize((stack) => {
		const { configurationSet } = new DeliverySettings(stack, "settings");
		new MailEventTrail(stack, "events", { configurationSet, ...props });
	});
}

/** Without what a store makes for itself where nothing else of the stack does. */
const bare = { backup: false, accessLogBucket: { id: "logs", arn: "arn:aws:s3:::logs" } };

const lockIn = (json: string) => onlyResource(json, "aws_s3_bucket_object_lock_configuration").rule;

describe("MailEventTrail", () => {
	it("publishes the seven event types to the stream, and neither opens nor clicks", () => {
		const { event_destination } = onlyResource(build(), "aws_sesv2_configuration_set_event_destination") as { event_destination: Record<string, unknown> };
		expect(event_destination.enabled).toBe(true);
		expect(event_destination.matching_event_types).toEqual(["SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE", "DELIVERY_DELAY"]);
		expect(event_destination.kinesis_firehose_destination).toMatchObject({
			delivery_stream_arn: expect.stringMatching(/^\$\{aws_kinesis_firehose_delivery_stream\./),
		});
	});

	it("locks what it stores for six years, versioned, closed and under its own key", () => {
		const json = build(bare);
		expect(onlyResource(json, "aws_s3_bucket")).toMatchObject({ object_lock_enabled: true, force_destroy: false });
		expect(lockIn(json)).toEqual({ default_retention: { mode: "COMPLIANCE", days: 2192 } });
		expect(onlyResource(json, "aws_s3_bucket_versioning")).toMatchObject({ versioning_configuration: { status: "Enabled" } });
		expect(onlyResource(json, "aws_s3_bucket_public_access_block")).toMatchObject({
			block_public_acls: true,
			block_public_policy: true,
			ignore_public_acls: true,
			restrict_public_buckets: true,
		});
		expect(onlyResource(json, "aws_s3_bucket_ownership_controls")).toMatchObject({ rule: { object_ownership: "BucketOwnerEnforced" } });
		const [rule] = onlyResource(json, "aws_s3_bucket_server_side_encryption_configuration").rule as Record<string, unknown>[];
		expect(rule).toMatchObject({
			bucket_key_enabled: true,
			apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: expect.stringMatching(/^\$\{aws_kms_key\./) },
		});
	});

	it("encrypts in the stream and in the bucket, and logs its errors", () => {
		const json = build();
		const key = expect.stringMatching(/^\$\{aws_kms_key\..*\.arn\}$/);
		expect(onlyResource(json, "aws_kinesis_firehose_delivery_stream")).toMatchObject({
			server_side_encryption: { enabled: true, key_type: "CUSTOMER_MANAGED_CMK", key_arn: key },
			extended_s3_configuration: { kms_key_arn: key, cloudwatch_logging_options: { enabled: true } },
		});
		expect(onlyResource(json, "aws_cloudwatch_log_group")).toMatchObject({ retention_in_days: 2192, kms_key_id: key });
	});

	it("uses a given key and makes none", () => {
		const json = synthesize((stack) => {
			const { configurationSet } = new DeliverySettings(stack, "settings");
			const encryptionKey = new KmsKey(stack, "own-key", { enableKeyRotation: true });
			new MailEventTrail(stack, "events", { configurationSet, encryptionKey, ...bare });
		});
		expect(onlyResource(json, "aws_kms_key")).toMatchObject({ enable_key_rotation: true });
		expect(json).toContain(reference("aws_kms_key.own-key.arn"));
	});

	it("has access logged and gets a second copy each day, unless others see to it", () => {
		const json = build();
		const [trail] = Object.keys((JSON.parse(json) as { resource: Record<string, object> }).resource.aws_s3_bucket ?? {}).filter((id) => id.includes("_store_"));
		expect(onlyResource(json, "aws_s3_bucket_logging")).toMatchObject({ bucket: reference(`aws_s3_bucket.${trail}.id`) });
		expect(onlyResource(json, "aws_backup_selection").resources).toEqual([reference(`aws_s3_bucket.${trail}.arn`)]);
		expect(build(bare)).not.toContain("aws_backup_vault");
	});

	it("keeps longer when told to, logs too", () => {
		const json = build({ retentionDays: 3000 });
		expect(lockIn(json)).toEqual({ default_retention: { mode: "COMPLIANCE", days: 3000 } });
		expect(onlyResource(json, "aws_cloudwatch_log_group").retention_in_days).toBe(3288);
		expect(onlyResource(build({ retentionDays: 3654 }), "aws_cloudwatch_log_group").retention_in_days).toBe(0);
	});

	it("never lets logs expire under a retention that only Terraform knows", () => {
		const json = synthesize((stack) => {
			const { configurationSet } = new DeliverySettings(stack, "settings");
			new MailEventTrail(stack, "events", { configurationSet, retentionDays: new TerraformVariable(stack, "days", { type: "number" }).numberValue });
		});
		expect(lockIn(json)).toEqual({ default_retention: { mode: "COMPLIANCE", days: reference("var.days") } });
		expect(onlyResource(json, "aws_cloudwatch_log_group").retention_in_days).toBe(0);
	});

	it("in a sandbox holds for a day, can be torn down, and warns", () => {
		const json = build({ sandbox: true, ...bare });
		expect(lockIn(json)).toEqual({ default_retention: { mode: "GOVERNANCE", days: 1 } });
		expect(onlyResource(json, "aws_s3_bucket").force_destroy).toBe(true);

		synthesize((stack) => {
			const { configurationSet } = new DeliverySettings(stack, "settings");
			const trial = new MailEventTrail(stack, "trial", { configurationSet, sandbox: true });
			expect(trial.node.metadata).toMatchObject([{ type: "@cdktf/warn", data: expect.stringContaining("kept for one day") }]);
			const real = new MailEventTrail(stack, "real", { configurationSet });
			expect(real.node.metadata).toEqual([]);
		});
	});

	it.each<[string, Omit<MailEventTrailProps, "configurationSet">, RegExp]>([
		[
			"a retention below six years",
			{ retentionDays: 2191 },
			/mail\/events: retentionDays must be a whole number of days from 2192 \(six years\) to 36500, got 2191; leave it out/,
		],
		["a fraction of a day", { retentionDays: 2192.5 }, /got 2192\.5/],
		["more than S3 allows", { retentionDays: 36_501 }, /got 36501/],
		["a retention in a sandbox", { sandbox: true, retentionDays: 2192 }, /retentionDays must be left out with sandbox: true.*remove one of the two/],
		["a prefix in capitals", { bucketPrefix: "Clinic-" }, /bucketPrefix must be .* got "Clinic-"/],
		["a prefix without room for digits", { bucketPrefix: "a".repeat(38) }, /bucketPrefix/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
