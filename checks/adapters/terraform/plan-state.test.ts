// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../model/evidence.ts";
import { readTerraform, terraformEvidence } from "./index.ts";

type Json = Record<string, unknown>;

function evidence(document: Json): Evidence[] {
	return [
		...terraformEvidence(readTerraform(Buffer.from(JSON.stringify(document)), "plan.json"), { target: "plan.json", now: "2026-01-01T00:00:00Z", version: "1" }),
	];
}

function resources(document: Json): Evidence[] {
	return evidence(document).filter(({ kind }) => kind !== "listing" && !kind.startsWith("terraform."));
}

const change = (address: string, actions: string[], after: unknown, more: Json = {}): Json => ({
	address,
	mode: "managed",
	type: address.replace(/^(?:module\.[^.]+\.)*/, "").split(".")[0],
	change: { actions, before: null, after, after_unknown: {}, after_sensitive: {}, ...more },
});

const plan = (changes: Json[], more: Json = {}): Json => ({ format_version: "1.2", resource_changes: changes, ...more });

describe("plans", () => {
	it("judge create, update, no-op and replace, and leave out deletions, forgetting and data", () => {
		const items = resources(
			plan([
				change("aws_s3_bucket.create", ["create"], { bucket: "a" }),
				change("aws_s3_bucket.update", ["update"], { bucket: "b" }),
				change("aws_s3_bucket.noop", ["no-op"], { bucket: "c" }),
				change("aws_s3_bucket.replace", ["delete", "create"], { bucket: "d" }),
				change("aws_s3_bucket.replace2", ["create", "delete"], { bucket: "e" }),
				change("aws_s3_bucket.gone", ["delete"], null),
				change("aws_s3_bucket.forgotten", ["forget"], null),
				{ ...change("aws_s3_bucket.old", ["delete"], null), deposed: "0123abcd" },
				{ ...change("data.aws_s3_bucket.read", ["read"], { bucket: "f" }), mode: "data" },
			]),
		);
		expect(items.map(({ id }) => id)).toEqual(["create", "update", "noop", "replace", "replace2"].map((name) => `aws_s3_bucket.${name}`));
		expect(items[3]?.values).toEqual({ bucket: "d" });
	});

	it("list unknown and sensitive paths and hold no value there", () => {
		const [item] = resources(
			plan([
				change(
					"aws_sesv2_configuration_set_event_destination.e",
					["create"],
					{ configuration_set_name: "HIDDEN", event_destination: [{ enabled: true, matching_event_types: ["SEND"], sns_destination: [{}] }] },
					{
						after_unknown: { id: true, event_destination: [{ matching_event_types: [true], sns_destination: [{ topic_arn: true }] }] },
						after_sensitive: { configuration_set_name: true },
					},
				),
			]),
		);
		expect(item?.values).toEqual({ event_destination: { enabled: true, sns_destination: {} } });
		expect(item?.unknown).toEqual(["configuration_set_name", "event_destination.matching_event_types", "event_destination.sns_destination.topic_arn", "id"]);
		expect(JSON.stringify(item)).not.toContain("HIDDEN");
	});

	it("hold nothing of an attribute or block that is sensitive in a part, wherever that stands", () => {
		const secrets: Json[] = [{ rule: true }, { rule: [true] }, { rule: [{ id: true, expiration: true }] }];
		for (const after_sensitive of secrets) {
			const [item] = resources(
				plan([
					change("aws_s3_bucket_lifecycle_configuration.l", ["create"], { rule: [{ id: "HIDDEN", expiration: [{ date: "HIDDEN" }] }] }, { after_sensitive }),
				]),
			);
			expect(JSON.stringify(item)).not.toContain("HIDDEN");
			expect(item?.unknown?.length).toBeGreaterThan(0);
		}
		const whole = resources(plan([change("aws_sns_topic.t", ["create"], { name: "HIDDEN" }, { after_sensitive: true })]));
		expect(JSON.stringify(whole)).not.toContain("HIDDEN");
	});

	it("take what nobody configured as absent, not as unknown", () => {
		const configuration = (expressions: Json): Json => ({
			configuration: { root_module: { resources: [{ address: "aws_sqs_queue.q", mode: "managed", type: "aws_sqs_queue", name: "q", expressions }] } },
		});
		const changes = [change("aws_sqs_queue.q", ["create"], { name: "q" }, { after_unknown: { id: true, arn: true, policy: true, redrive_policy: true } })];
		const [item] = resources(plan(changes, configuration({ name: {}, policy: { references: ["aws_sqs_queue.x.arn", "aws_sqs_queue.x"] } })));
		expect(item?.unknown).toEqual(["arn", "id", "policy"]);
		// Without a configuration section nothing tells the two apart.
		expect(resources(plan(changes))[0]?.unknown).toEqual(["arn", "id", "policy", "redrive_policy"]);
	});

	it("follow references through variables and outputs of modules and keys of instances", () => {
		const key = { address: "aws_kms_key.k", expressions: {} };
		const items = resources(
			plan(
				[
					{ ...change('module.keys["a"].aws_kms_key.k', ["create"], {}), module_address: 'module.keys["a"]' },
					{ ...change("module.topics.aws_sns_topic.t[0]", ["create"], { name: "t" }, { after_unknown: { kms_master_key_id: true } }), index: 0 },
					{ ...change("module.topics.aws_sns_topic.t[1]", ["create"], { name: "u" }, { after_unknown: { kms_master_key_id: true } }), index: 1 },
					{ ...change("module.topics.aws_sns_topic_policy.p[1]", ["create"], {}, { after_unknown: { arn: true } }), index: 1 },
					{ ...change("module.topics.aws_sns_topic_policy.p[0]", ["create"], {}, { after_unknown: { arn: true } }), index: 0 },
					change("module.topics.aws_sns_topic_subscription.s", ["create"], {}, { after_unknown: { topic_arn: true, endpoint: true } }),
				],
				{
					configuration: {
						root_module: {
							module_calls: {
								keys: { module: { resources: [key], outputs: { arn: { expression: { references: ["aws_kms_key.k.arn", "aws_kms_key.k"] } } } } },
								topics: {
									expressions: { key: { references: ['module.keys["a"].arn', 'module.keys["a"]', "module.keys"] } },
									module: {
										resources: [
											{ address: "aws_sns_topic.t", expressions: { name: {}, kms_master_key_id: { references: ["var.key"] } } },
											{ address: "aws_sns_topic_policy.p", expressions: { arn: { references: ["aws_sns_topic.t", "count.index"] } } },
											{
												address: "aws_sns_topic_subscription.s",
												expressions: {
													topic_arn: { references: ["aws_sns_topic.t"] },
													endpoint: { references: ["local.lost", "data.aws_sqs_queue.q.arn", "data.aws_sqs_queue.q"] },
												},
											},
										],
									},
								},
							},
						},
					},
				},
			),
		);
		const references = new Map(items.map((item) => [item.id, item.references]));
		expect(references.get("module.topics.aws_sns_topic.t[1]")).toEqual({ kms_master_key_id: ['module.keys["a"].aws_kms_key.k'] });
		expect(references.get("module.topics.aws_sns_topic_policy.p[1]")).toEqual({ arn: ["module.topics.aws_sns_topic.t[1]"] });
		// Which of the two is meant cannot be told: the address without a key is no item's id.
		expect(references.get("module.topics.aws_sns_topic_subscription.s")).toEqual({
			topic_arn: ["module.topics.aws_sns_topic.t"],
			endpoint: ["module.topics.data.aws_sqs_queue.q"],
		});
	});

	it("survive references that go round in circles", () => {
		const items = resources(
			plan([change("module.m.aws_sns_topic.t", ["create"], {}, { after_unknown: { policy: true } })], {
				configuration: {
					root_module: {
						module_calls: {
							m: {
								expressions: { v: { references: ["module.m.o", "module.m"] } },
								module: {
									outputs: { o: { expression: { references: ["var.v"] } } },
									resources: [{ address: "aws_sns_topic.t", expressions: { policy: { references: ["var.v"] } } }],
								},
							},
						},
					},
				},
			}),
		);
		expect(items[0]?.unknown).toEqual(["policy"]);
	});

	it("are not complete when they say so", () => {
		const items = evidence(plan([change("aws_s3_bucket.b", ["create"], {})], { complete: false }));
		expect(items.find(({ id }) => id === "aws_s3_bucket@plan.json")).toMatchObject({
			status: "error",
			error: { code: "unknown_until_apply" },
			values: { complete: false },
		});
	});

	it("read old and new provider names and values without a change", () => {
		const items = resources({
			format_version: "0.1",
			planned_values: {
				root_module: {
					child_modules: [
						{
							address: "module.m",
							resources: [
								{
									address: "module.m.aws_s3_bucket.b",
									mode: "managed",
									type: "aws_s3_bucket",
									name: "b",
									provider_name: "aws",
									values: { bucket: "x" },
									sensitive_values: {},
								},
							],
						},
					],
				},
			},
		});
		expect(items).toMatchObject([{ id: "module.m.aws_s3_bucket.b", values: { bucket: "x" } }]);
	});

	it("give outputs without values", () => {
		const items = evidence(
			plan([], {
				planned_values: { outputs: { o: { sensitive: true, value: "HIDDEN" } } },
				configuration: {
					root_module: {
						outputs: { o: { expression: { references: ["aws_iam_access_key.k.secret", "aws_iam_access_key.k"] } } },
						resources: [{ address: "aws_iam_access_key.k" }],
					},
				},
			}),
		);
		const output = items.find(({ id }) => id === "output.o");
		expect(output).toMatchObject({
			values: { name: "o", sensitive: true, reads: ["aws_iam_access_key.k.secret"] },
			references: { value: ["aws_iam_access_key.k"] },
		});
		expect(JSON.stringify(items)).not.toContain("HIDDEN");
	});

	it("tell what an output is made from through modules, and say so where a plan does not tell", () => {
		const keys = [{ address: "aws_iam_access_key.k" }];
		const read = (references: string[], resources: unknown[] = keys) =>
			evidence(
				plan(
					[
						{
							address: "module.smtp.aws_iam_access_key.k",
							type: "aws_iam_access_key",
							module_address: "module.smtp",
							change: { actions: ["create"], after: {} },
						},
					],
					{
						configuration: {
							root_module: {
								outputs: { o: { expression: { references } } },
								resources,
								module_calls: {
									smtp: {
										module: { outputs: { secret: { expression: { references: ["aws_iam_access_key.k.secret", "aws_iam_access_key.k"] } } }, resources: keys },
									},
									passes: {
										expressions: { in: { references: ["module.smtp.secret", "module.smtp"] } },
										module: { outputs: { out: { expression: { references: ["var.in"] } } } },
									},
								},
							},
						},
					},
				),
			).find(({ id }) => id === "output.o");
		for (const references of [
			["module.smtp.secret", "module.smtp"],
			["module.passes.out", "module.passes"],
		])
			expect(read(references)).toMatchObject({
				values: { reads: ["module.smtp.aws_iam_access_key.k.secret"] },
				references: { value: ["module.smtp.aws_iam_access_key.k"] },
			});
		for (const references of [["local.password"], ["aws_iam_access_key.k"], ["module.smtp"]]) {
			const output = read(references);
			expect(output?.unknown).toEqual(["reads"]);
			expect(output?.values).not.toHaveProperty("reads");
		}
		const without = evidence(plan([], { configuration: { root_module: { outputs: { o: { expression: { references: ["local.domain"] } } } } } }));
		expect(without.find(({ id }) => id === "output.o")?.values).toMatchObject({ reads: [] });
		const unconfigured = evidence(plan([], { planned_values: { outputs: { o: { sensitive: true } } } }));
		expect(unconfigured.find(({ id }) => id === "output.o")?.unknown).toEqual(["reads"]);
	});
});

describe("states", () => {
	it("of version 4 give addresses with keys and modules and hold no sensitive value", () => {
		const items = resources({
			version: 4,
			lineage: "x",
			outputs: {},
			resources: [
				{
					module: 'module.m["a"].module.n[0]',
					mode: "managed",
					type: "aws_s3_bucket",
					name: "b",
					instances: [
						{ index_key: "k${x}", attributes: { bucket: "x", acl: "", policy: "HIDDEN" }, sensitive_attributes: [[{ type: "get_attr", value: "policy" }]] },
						{ index_key: 1, deposed: "0123abcd", attributes: { bucket: "old" } },
					],
				},
				{ mode: "data", type: "aws_s3_bucket", name: "d", instances: [{ attributes: { bucket: "y" } }] },
				{
					mode: "managed",
					type: "aws_s3_bucket_lifecycle_configuration",
					name: "l",
					instances: [
						{
							attributes: { rule: [{ id: "HIDDEN", status: "Enabled" }] },
							sensitive_attributes: [
								[
									{ type: "get_attr", value: "rule" },
									{ type: "index", value: { value: 0, type: "number" } },
									{ type: "get_attr", value: "id" },
								],
							],
						},
					],
				},
			],
		});
		expect(items.map(({ id }) => id)).toEqual(['module.m["a"].module.n[0].aws_s3_bucket.b["k$${x}"]', "aws_s3_bucket_lifecycle_configuration.l"]);
		expect(items[0]).toMatchObject({ values: { bucket: "x" }, unknown: ["policy"] });
		expect(items[1]?.unknown).toEqual(["rule.0.id"]);
		expect(JSON.stringify(items)).not.toContain("HIDDEN");
	});

	it("as shown are the same, deposed objects left out", () => {
		const items = resources({
			format_version: "1.0",
			values: {
				root_module: {
					resources: [
						{
							address: "aws_sns_topic.t[0]",
							mode: "managed",
							type: "aws_sns_topic",
							name: "t",
							index: 0,
							values: { name: "t", kms_master_key_id: "HIDDEN" },
							sensitive_values: { kms_master_key_id: true },
						},
						{ address: "aws_sns_topic.t[0]", mode: "managed", type: "aws_sns_topic", name: "t", deposed_key: "0123abcd", values: { name: "old" } },
					],
				},
			},
		});
		expect(items).toMatchObject([{ id: "aws_sns_topic.t[0]", values: { name: "t" }, unknown: ["kms_master_key_id"] }]);
		expect(JSON.stringify(items)).not.toContain("HIDDEN");
	});
});
