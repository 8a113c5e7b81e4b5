import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { describe, expect, it } from "vitest";
import { onlyResource, reference, resources, statementsOf, synthesize } from "../testing/judge.test-support.ts";
import { watchedEvents } from "./events.ts";
import { AccessLogTrail, type AccessLogTrailProps } from "./index.ts";

function build(props: AccessLogTrailProps = {}): string {
	return synthesize((stack) => {
		new AccessLogTrail(stack, "trail", props);
	});
}

describe("AccessLogTrail", () => {
	it("records all Regions, validated and under its own key, in a bucket and a log group", () => {
		const json = build();
		const key = expect.stringMatching(/^\$\{aws_kms_key\.trail_encryption-key_.*\.arn\}$/);
		expect(onlyResource(json, "aws_cloudtrail")).toMatchObject({
			name: "mail-trail",
			is_multi_region_trail: true,
			include_global_service_events: true,
			enable_logging: true,
			enable_log_file_validation: true,
			kms_key_id: key,
			cloud_watch_logs_group_arn: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..*\.arn\}:\*$/),
		});
		expect(onlyResource(json, "aws_cloudwatch_log_group")).toMatchObject({ retention_in_days: 2192, kms_key_id: key });
		expect(onlyResource(json, "aws_s3_bucket_object_lock_configuration").rule).toEqual({ default_retention: { mode: "COMPLIANCE", days: 2192 } });
	});

	it("records each use of SES to send, and each access to the buckets named", () => {
		const json = synthesize((stack) => {
			new AccessLogTrail(stack, "trail", { mailBuckets: [new S3Bucket(stack, "mail-bucket")] });
		});
		const selectors = onlyResource(json, "aws_cloudtrail").advanced_event_selector as { name: string; field_selector: Record<string, unknown>[] }[];
		expect(selectors.map(({ field_selector }) => field_selector.map((field) => [field.field, field.equals ?? field.starts_with]))).toEqual([
			[["eventCategory", ["Management"]]],
			[
				["eventCategory", ["Data"]],
				["resources.type", ["AWS::SES::EmailIdentity"]],
			],
			[
				["eventCategory", ["Data"]],
				["resources.type", ["AWS::SES::ConfigurationSet"]],
			],
			[
				["eventCategory", ["Data"]],
				["resources.type", ["AWS::SES::Template"]],
			],
			[
				["eventCategory", ["Data"]],
				["resources.type", ["AWS::S3::Object"]],
				["resources.ARN", [`${reference("aws_s3_bucket.mail-bucket.arn")}/`]],
			],
		]);
		expect(JSON.stringify(onlyResource(build(), "aws_cloudtrail"))).not.toContain("AWS::S3::Object");
	});

	it("lets CloudTrail write for this trail alone, and logs access to its bucket in another", () => {
		const json = build();
		const [store, logs] = ["trail_store", "trail_access-logs"].map((part) => new RegExp(`aws_s3_bucket\\.${part}_bucket_`));
		expect(onlyResource(json, "aws_s3_bucket_logging")).toMatchObject({
			bucket: expect.stringMatching(store ?? ""),
			target_bucket: expect.stringMatching(logs ?? ""),
		});
		const policies = resources(json, "aws_s3_bucket_policy").flatMap(({ policy }) => statementsOf(json, policy).filter(({ effect }) => effect !== "Deny"));
		for (const { condition = [] } of policies) expect(condition.map(({ variable }) => variable).join()).toMatch(/aws:Source(Arn|Account)/);
		expect(policies.map(({ sid }) => sid).sort()).toEqual(["AccessLogs", "CloudTrailAcl", "CloudTrailWrite"]);
		expect(onlyResource(json, "aws_s3_bucket_lifecycle_configuration")).toMatchObject({
			rule: [{ expiration: [{ days: 2192 }], noncurrent_version_expiration: [{ noncurrent_days: 2192 }] }],
		});
		expect(json).not.toMatch(/arn:aws[:-]/);
	});

	it("raises an alarm for each event it watches, within what a filter pattern may hold", () => {
		const json = build();
		const filters = resources(json, "aws_cloudwatch_log_metric_filter");
		const alarms = resources(json, "aws_cloudwatch_metric_alarm");
		expect(filters).toHaveLength(watchedEvents.length);
		for (const { pattern } of watchedEvents) expect(pattern.length).toBeLessThanOrEqual(1024);
		for (const filter of filters) {
			const [transformation] = [filter.metric_transformation].flat() as { name: string; namespace: string }[];
			const alarm = alarms.find(({ metric_name }) => metric_name === transformation?.name);
			expect(alarm).toMatchObject({
				namespace: transformation?.namespace,
				actions_enabled: true,
				threshold: 1,
				comparison_operator: "GreaterThanOrEqualToThreshold",
				alarm_actions: [expect.stringMatching(/^\$\{aws_sns_topic\./)],
			});
		}
		const watched = filters.map(({ pattern }) => String(pattern)).join();
		for (const call of ["ScheduleKeyDeletion", "StopLogging", "PutEmailIdentityMailFromAttributes", "PutConfigurationSetDeliveryOptions"]) {
			expect(watched).toContain(call);
		}
	});

	it("uses a given topic", () => {
		const json = synthesize((stack) => {
			new AccessLogTrail(stack, "trail", { alarmTopic: new SnsTopic(stack, "own-topic", { kmsMasterKeyId: "k" }) });
		});
		expect(onlyResource(json, "aws_sns_topic")).toBeDefined();
	});

	it("in a sandbox holds for a day, can be torn down, and warns", () => {
		const json = build({ sandbox: true });
		expect(onlyResource(json, "aws_s3_bucket_object_lock_configuration").rule).toEqual({ default_retention: { mode: "GOVERNANCE", days: 1 } });
		for (const { force_destroy } of resources(json, "aws_s3_bucket")) expect(force_destroy).toBe(true);
		synthesize((stack) => {
			const trail = new AccessLogTrail(stack, "trial", { sandbox: true });
			expect(trail.node.metadata).toMatchObject([{ data: expect.stringContaining("kept for one day") }]);
		});
	});

	it.each<[string, AccessLogTrailProps, RegExp]>([
		["a retention below six years", { retentionDays: 365 }, /mail\/trail: retentionDays must be .* got 365/],
		["a prefix in capitals", { bucketPrefix: "Trail" }, /bucketPrefix must be .* got "Trail"/],
	])("refuses %s", (_name, props, message) => {
		expect(() => build(props)).toThrow(message);
	});
});
