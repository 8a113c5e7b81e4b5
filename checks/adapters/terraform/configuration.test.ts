// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { describe, expect, it } from "vitest";
import { InputError } from "../../../model/source.ts";
import { evidence, item, type Json } from "./configuration.test-support.ts";
import { accountWideKinds } from "./index.ts";

describe("resources of a configuration", () => {
	it("copies allow-listed attributes only, single blocks as objects however they are written", () => {
		const set = (options: unknown): Json => ({
			resource: {
				aws_sesv2_configuration_set: {
					s: {
						configuration_set_name: "set",
						delivery_options: options,
						tags: { owner: "someone" },
						lifecycle: { prevent_destroy: true },
						"//": { metadata: { path: "mail/sending/set" } },
					},
				},
			},
		});
		for (const options of [{ tls_policy: "REQUIRE", sending_pool_name: "" }, [{ tls_policy: "REQUIRE" }]]) {
			const found = item(set(options), "aws_sesv2_configuration_set.s");
			expect(found.values).toEqual({ configuration_set_name: "set", delivery_options: { tls_policy: "REQUIRE" } });
			expect(found.unknown).toEqual(["arn", "id"]);
			expect(found.source).toMatchObject({
				collector: "terraform",
				version: "1",
				call: "resource aws_sesv2_configuration_set at construct path mail/sending/set",
				target: "cdk.tf.json",
			});
		}
	});

	it("never copies environments, tags, descriptions and secrets", () => {
		const text = JSON.stringify(
			evidence({
				variable: { token: { default: "HIDDEN", sensitive: true } },
				locals: { derived: "x-${var.token}" },
				resource: {
					aws_lambda_function: { f: { function_name: "f", environment: { variables: { TOKEN: "HIDDEN" } }, tags: { a: "HIDDEN" } } },
					aws_kms_key: { k: { description: "HIDDEN", policy: '{"Sid": "${var.token}"}' } },
					aws_kinesis_firehose_delivery_stream: { s: { name: "s", http_endpoint_configuration: { url: "https://x.example", access_key: "HIDDEN" } } },
					aws_sesv2_email_identity: {
						i: { email_identity: "example.org", dkim_signing_attributes: { domain_signing_private_key: "HIDDEN", domain_signing_selector: "s1" } },
					},
					aws_secretsmanager_secret_version: { v: { secret_string: "HIDDEN" } },
					aws_db_instance: { d: { password: "HIDDEN" } },
					aws_cloudwatch_log_group: {
						a: { name: "${local.derived}" },
						b: { name: "${aws_secretsmanager_secret_version.v.secret_string}" },
						c: { name: "a${aws_db_instance.d.password}" },
						d: { name: '${sensitive("HIDDEN")}' },
						e: { name: '${upper(sensitive("HIDDEN"))}${1 +}' },
					},
					aws_iam_policy: { p: { policy: "${jsonencode({a = var.token})}" }, q: { policy: "${jsonencode([aws_db_instance.d.password])}" } },
				},
				output: { o: { value: "${var.token}", sensitive: true }, p: { value: "HIDDEN" } },
			}),
		);
		expect(text).not.toContain("HIDDEN");
		expect(text).toContain("dkim_signing_attributes.domain_signing_private_key");
		expect(text).toContain("http_endpoint_configuration.access_key");
	});

	it("lists sensitive attributes as unknown and leaves out what nobody configured", () => {
		const document = {
			variable: { s: { default: "HIDDEN", sensitive: true } },
			resource: { aws_sns_topic: { t: { name: "t", kms_master_key_id: "${var.s}" } } },
		};
		const found = item(document, "aws_sns_topic.t");
		expect(found.values).toEqual({ name: "t" });
		expect(found.unknown).toEqual(["arn", "id", "kms_master_key_id"]);
	});

	it("converts to the attribute's type, as Terraform does, and sorts sets", () => {
		const found = item(
			{
				variable: { days: { default: "2192" } },
				resource: {
					aws_cloudwatch_log_group: { g: { name: 5, retention_in_days: "${var.days}", skip_destroy: "true" } },
				},
			},
			"aws_cloudwatch_log_group.g",
		);
		expect(found.values).toEqual({ name: "5", retention_in_days: 2192, skip_destroy: true });
		const event = {
			resource: {
				aws_ses_event_destination: {
					e: { name: "e", matching_types: ["send", "bounce", "send"], cloudwatch_destination: [{ dimension_name: "b" }, { dimension_name: "a" }] },
				},
			},
		};
		expect(item(event, "aws_ses_event_destination.e").values).toEqual({
			name: "e",
			matching_types: ["bounce", "send"],
			cloudwatch_destination: [{ dimension_name: "a" }, { dimension_name: "b" }],
		});
		expect(item({ resource: { aws_cloudwatch_log_group: { g: { retention_in_days: "many" } } } }, "aws_cloudwatch_log_group.g").unknown).toContain(
			"retention_in_days",
		);
	});

	it("refuses a resource declared twice", () => {
		expect(() => evidence({ resource: [{ aws_s3_bucket: { b: {} } }, { aws_s3_bucket: { b: {} } }] })).toThrow(InputError);
	});

	it("tells outputs by name, references and attributes read, never by value", () => {
		const document = {
			resource: { aws_iam_access_key: { smtp: { user: "smtp" } } },
			output: { password: { value: "${aws_iam_access_key.smtp.ses_smtp_password_v4}", sensitive: true }, note: { value: "VALUE" } },
		};
		expect(item(document, "output.password")).toMatchObject({
			kind: "terraform.output",
			values: { name: "password", sensitive: true, reads: ["aws_iam_access_key.smtp.ses_smtp_password_v4"] },
			references: { value: ["aws_iam_access_key.smtp"] },
		});
		expect(item(document, "output.note").values).toEqual({ name: "note", sensitive: false, reads: [] });
	});
});

describe("listings", () => {
	it("stand for every kind, account-wide kinds apart", () => {
		const listings = evidence({ resource: { aws_s3_bucket: { b: {} } } }).filter(({ kind }) => kind === "listing");
		const ids = listings.map(({ id }) => id);
		expect(listings.find(({ id }) => id === "aws_s3_bucket@cdk.tf.json")).toMatchObject({
			status: "ok",
			values: { kind: "aws_s3_bucket", target: "cdk.tf.json", count: 1, complete: true },
		});
		expect(listings.find(({ id }) => id === "aws_sqs_queue@cdk.tf.json")).toMatchObject({ values: { count: 0, complete: true } });
		for (const kind of accountWideKinds) expect(ids).not.toContain(`${kind}@cdk.tf.json`);
		expect(evidence({ resource: { aws_cloudtrail: { t: { name: "t" } } } }).some(({ id }) => id === "aws_cloudtrail@cdk.tf.json")).toBe(true);
	});

	it("are incomplete where modules hold resources that this file does not", () => {
		const items = evidence({ module: { net: { source: "./net" } }, resource: { aws_s3_bucket: { b: {} } } });
		expect(items.find(({ id }) => id === "aws_s3_bucket@cdk.tf.json")).toMatchObject({
			status: "error",
			error: { code: "input_not_supplied", detail: "module.net" },
			values: { count: 1, complete: false },
		});
		expect(items.find(({ id }) => id === "terraform.output@cdk.tf.json")?.status).toBe("ok");
	});

	it("count resource types, allow-listed or not", () => {
		const document = { resource: { aws_lex_bot: { a: {}, b: { count: 2 } } } };
		expect(item(document, "aws_lex_bot").values).toEqual({ type: "aws_lex_bot", count: 3 });
	});
});
