// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../model/evidence.ts";
import { InputError } from "../../../model/source.ts";
import { accountWideKinds, readTerraform, terraformEvidence } from "./index.ts";

type Json = Record<string, unknown>;

function evidence(document: Json): Evidence[] {
	return [
		...terraformEvidence(readTerraform(Buffer.from(JSON.stringify(document)), "cdk.tf.json"), {
			target: "cdk.tf.json",
			now: "2026-01-01T00:00:00Z",
			version: "1",
		}),
	];
}

function item(document: Json, id: string): Evidence {
	const found = evidence(document).find((candidate) => candidate.id === id && candidate.kind !== "listing");
	if (found === undefined) throw new Error(`no item ${id}`);
	return found;
}

/** The name that a log group gets from an expression, or what stands in its place. */
function nameOf(expression: unknown, rest: Json = {}): { value: unknown; unknown: boolean; references: string[] | undefined } {
	const { resource, ...others } = rest;
	const found = item({ resource: { ...(resource as Json), aws_cloudwatch_log_group: { g: { name: expression } } }, ...others }, "aws_cloudwatch_log_group.g");
	return { value: (found.values as Json).name, unknown: found.unknown?.includes("name") === true, references: found.references?.name };
}

function policyOf(expression: unknown, rest: Json = {}): { value: unknown; partial: unknown; unknown: boolean; references: string[] | undefined } {
	const { resource, ...others } = rest;
	const found = item({ resource: { ...(resource as Json), aws_iam_policy: { p: { policy: expression } } }, ...others }, "aws_iam_policy.p");
	const values = found.values as Json;
	return {
		value: values.policy,
		partial: (values.partial as Json | undefined)?.policy,
		unknown: found.unknown?.includes("policy") === true,
		references: found.references?.policy,
	};
}

const key = { resource: { aws_kms_key: { k: { description: "x", enable_key_rotation: true } } } };

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

describe("references", () => {
	it("computed attributes are unknown and tell the resource; configured ones resolve", () => {
		expect(nameOf("${aws_kms_key.k.arn}", key)).toEqual({ value: undefined, unknown: true, references: ["aws_kms_key.k"] });
		const set = { resource: { aws_sesv2_configuration_set: { s: { configuration_set_name: "set" } } } };
		expect(nameOf("${aws_sesv2_configuration_set.s.configuration_set_name}", set)).toEqual({
			value: "set",
			unknown: false,
			references: ["aws_sesv2_configuration_set.s"],
		});
		expect(nameOf("a-${aws_sesv2_configuration_set.s.configuration_set_name}-b", set).value).toBe("a-set-b");
		expect(nameOf("a-${aws_kms_key.k.arn}", key)).toMatchObject({ value: undefined, unknown: true });
	});

	it("follows chains and stops at cycles", () => {
		const chain = { resource: { aws_sqs_queue: { a: { name: "q" }, b: { name: "${aws_sqs_queue.a.name}" } } } };
		expect(nameOf("${aws_sqs_queue.b.name}", chain)).toEqual({ value: "q", unknown: false, references: ["aws_sqs_queue.b"] });
		const cycle = { resource: { aws_sqs_queue: { a: { name: "${aws_sqs_queue.b.name}" }, b: { name: "${aws_sqs_queue.a.name}" } } } };
		expect(nameOf("${aws_sqs_queue.b.name}", cycle)).toMatchObject({ value: undefined, unknown: true });
		expect(nameOf("${local.a}", { locals: { a: "${local.b}", b: "${local.a}" } })).toMatchObject({ unknown: true });
	});

	it("resolves locals and variables with defaults; variables without, workspaces and modules stay unknown", () => {
		const rest = {
			variable: { name: { default: "mail" }, open: {}, typed: { type: "number", default: "7" } },
			locals: { full: "${var.name}-x", map: { a: "one" }, list: ["p", "q"] },
		};
		expect(nameOf("${local.full}", rest).value).toBe("mail-x");
		expect(nameOf('${local.map.a}${local.map["a"]}${local.list[1]}', rest).value).toBe("oneoneq");
		expect(nameOf("${var.typed + 1}", rest).value).toBe("8");
		for (const expression of [
			"${var.open}",
			"${terraform.workspace}",
			"${module.m.x}",
			"${path.module}",
			"${var.none}",
			"${local.none}",
			"${local.map.none}",
			"${aws_none.x.y}",
			"${data.aws_region.r.name}",
			"${data.aws_caller_identity.c.account_id}",
		]) {
			expect(nameOf(expression, { ...rest, data: { aws_region: { r: {} }, aws_caller_identity: { c: {} } } }), expression).toMatchObject({
				value: undefined,
				unknown: true,
			});
		}
	});

	it("takes default values literally, as JSON syntax does", () => {
		expect(nameOf("${var.v}", { variable: { v: { default: "${not.a.template}" } } }).value).toBe("${not.a.template}");
	});

	it("names data sources that are looked up", () => {
		expect(nameOf("${data.aws_kms_alias.a.target_key_arn}", { data: { aws_kms_alias: { a: { name: "alias/x" } } } })).toEqual({
			value: undefined,
			unknown: true,
			references: ["data.aws_kms_alias.a"],
		});
	});

	it("makes a list with an unknown element unknown as a whole", () => {
		const document = {
			resource: { ...key.resource, aws_cloudwatch_metric_alarm: { a: { alarm_name: "a", alarm_actions: ["arn:x", "${aws_kms_key.k.arn}"] } } },
		};
		const found = item(document, "aws_cloudwatch_metric_alarm.a");
		expect(found.values).toEqual({ alarm_name: "a" });
		expect(found.unknown).toContain("alarm_actions");
		expect(found.references).toEqual({ alarm_actions: ["aws_kms_key.k"] });
	});
});

describe("count and for_each", () => {
	it("count gives numbered instances", () => {
		const document = { variable: { n: { default: 2 } }, resource: { aws_sqs_queue: { q: { count: "${var.n}", name: "q${count.index}" } } } };
		expect(item(document, "aws_sqs_queue.q[1]").values).toEqual({ name: "q1" });
		expect(evidence({ resource: { aws_sqs_queue: { q: { count: 0, name: "q" } } } }).filter(({ kind }) => kind === "aws_sqs_queue")).toEqual([]);
	});

	it("for_each runs over maps and sets, keys escaped in the address", () => {
		const document = {
			locals: { queues: { a: { delay: 1 }, 'b"c': { delay: 2 } } },
			resource: {
				aws_sqs_queue: { q: { for_each: "${local.queues}", name: "${each.key}-${each.value.delay}" } },
				aws_s3_bucket: { b: { for_each: '${toset(["x", "y"])}', bucket: "${each.value}" } },
			},
		};
		expect(item(document, 'aws_sqs_queue.q["a"]').values).toEqual({ name: "a-1" });
		expect(item(document, 'aws_sqs_queue.q["b\\"c"]').values).toEqual({ name: 'b"c-2' });
		expect(item(document, 'aws_s3_bucket.b["y"]').values).toEqual({ bucket: "y" });
		expect(item({ resource: { aws_s3_bucket: { b: { for_each: { k: "v" }, bucket: "${each.value}" } } } }, 'aws_s3_bucket.b["k"]').values).toEqual({
			bucket: "v",
		});
	});

	it("references reach instances", () => {
		const rest = { resource: { aws_sqs_queue: { n: { count: 2, name: "q${count.index}" }, f: { for_each: { a: "x" }, name: "${each.value}" } } } };
		expect(nameOf("${aws_sqs_queue.n[1].name}", rest)).toEqual({ value: "q1", unknown: false, references: ["aws_sqs_queue.n[1]"] });
		expect(nameOf('${aws_sqs_queue.f["a"].name}', rest)).toEqual({ value: "x", unknown: false, references: ['aws_sqs_queue.f["a"]'] });
		expect(nameOf('${join(",", aws_sqs_queue.n[*].name)}', rest).value).toBe("q0,q1");
		expect(nameOf('${join(",", [for k, q in aws_sqs_queue.f : q.name])}', rest).value).toBe("x");
		expect(nameOf("${aws_sqs_queue.n[0].arn}", rest)).toEqual({ value: undefined, unknown: true, references: ["aws_sqs_queue.n[0]"] });
		expect(nameOf("${aws_sqs_queue.n[2].name}", rest)).toMatchObject({ value: undefined, unknown: true });
		expect(nameOf("${aws_sqs_queue.n.name}", rest)).toMatchObject({ value: undefined, unknown: true });
	});

	it.each([
		["count", "${var.open}"],
		["count", "${length(aws_s3_bucket.b.tags_all)}"],
		["count", -1],
		["count", 1_000_000_000],
		["for_each", "${toset(aws_kms_key.k.grants)}"],
		["for_each", ["a"]],
	])("an unknown number of instances is one errored item: %s = %j", (name, value) => {
		const document = { variable: { open: {} }, resource: { ...key.resource, aws_s3_bucket: { b: { [name]: value, bucket: "x" } } } };
		const found = item(document, "aws_s3_bucket.b");
		expect(found.status).toBe("error");
		expect(found.error?.code).toBe("unknown_until_apply");
		expect(found.values).toBeUndefined();
		expect(item({ ...document }, "aws_kms_key.k").status).toBe("ok");
		const listing = evidence(document).find(({ id }) => id === "aws_s3_bucket@cdk.tf.json");
		expect(listing).toMatchObject({ status: "error", error: { code: "unknown_until_apply" }, values: { complete: false } });
	});
});

describe("dynamic blocks", () => {
	const lifecycle = (dynamic: unknown, rest: Json = {}): Json => ({
		...rest,
		resource: { ...(rest.resource as Json), aws_s3_bucket_lifecycle_configuration: { l: { bucket: "b", rule: [{ id: "written" }], dynamic } } },
	});
	const id = "aws_s3_bucket_lifecycle_configuration.l";

	it("unfold over known collections, with their iterator", () => {
		const found = item(
			lifecycle({ rule: { for_each: { a: 1, b: 2 }, iterator: "it", content: { id: "${it.key}", expiration: { days: "${it.value}" } } } }),
			id,
		);
		expect((found.values as Json).rule).toEqual([{ id: "written" }, { id: "a", expiration: { days: 1 } }, { id: "b", expiration: { days: 2 } }]);
		const listed = item(lifecycle([{ rule: [{ for_each: ["x"], content: { id: "${rule.key}${rule.value}" } }] }]), id);
		expect((listed.values as Json).rule).toEqual([{ id: "written" }, { id: "0x" }]);
	});

	it("make the whole block unknown when the collection is", () => {
		const found = item(lifecycle({ rule: { for_each: "${aws_kms_key.k.grants}", content: { id: "x" } } }, key), id);
		expect(found.values).toEqual({ bucket: "b" });
		expect(found.unknown).toEqual(["id", "rule"]);
		expect(found.references).toEqual({ rule: ["aws_kms_key.k"] });
	});
});

describe("expressions", () => {
	const rest = { locals: { list: ["b", "a"], map: { k: "v" }, no: null, text: "Mail" } };
	it.each([
		['${jsonencode({b = 1, a = [true, null, "<x>"]})}', '{"a":[true,null,"\\u003cx\\u003e"],"b":1}'],
		['${jsondecode("{\\"a\\": [1, 2]}").a[1]}', "2"],
		["${tostring(5)}", "5"],
		['${join("-", concat(local.list, ["c"]))}', "b-a-c"],
		['${join("", sort(local.list))}', "ab"],
		['${join("", tolist(toset(["y", "x", "y"])))}', "xy"],
		['${merge(local.map, {k = "w"}).k}', "w"],
		['${format("%s-%03d", "a", 1)}', undefined],
		['${format("%s/%d%%", "a", 1)}', "a/1%"],
		["${lower(local.text)}${upper(local.text)}", "mailMAIL"],
		["${length(local.list)}${length(local.text)}", "24"],
		['${lookup(local.map, "none", "else")}', "else"],
		["${element(local.list, 3)}", "a"],
		['${join(",", keys(local.map))}${join(",", values(local.map))}', "kv"],
		['${try(local.map.none, local.list[9], "last")}', "last"],
		['${coalesce(local.no, "", "c")}', "c"],
		['${join("", flatten([["a"], [["b"]]]))}', "ab"],
		['${replace("a.b.c", ".", "-")}', "a-b-c"],
		['${split(",", "a,b")[1]}', "b"],
		['${true ? "yes" : "no"}${1 > 2 || !false ? "Y" : "N"}', "yesY"],
		["${1 + 2 * 3 - 4 / 2}", "5"],
		['${trimprefix("alias/x", "alias/")}${trimsuffix("a.b", ".b")}${trim("--a--", "-")}${trimspace(" b ")}', "xaab"],
		['${join(",", [for k, v in {a = "1", b = "2"} : "${k}${v}" if v != "1"])}', "b2"],
		['${{for x in ["a"] : x => upper(x)}.a}', "A"],
		["${local.list.0}", "b"],
		['${jsonencode([true ? 1 : "b", true ? 1 : 2])}', '["1",1]'],
		['${jsonencode({"10" = 1, "9" = 2})}', '{"10":1,"9":2}'],
		['${contains(local.list, "a") ? "in" : "out"}', "in"],
		["$${aws:username}/%%{x}", "${aws:username}/%{x}"],
		['${"a\\tb\\u0041"}', "a\tbA"],
		["${ /* c */ local.text }", "Mail"],
		["plain {braces}", "plain {braces}"],
		['${can(local.map.none) ? "can" : "cannot"}', "cannot"],
	])("%s", (expression, expected) => {
		expect(nameOf(expression, rest)).toMatchObject({ value: expected, unknown: expected === undefined });
	});

	it.each([
		"${timestamp()}",
		"${uuid()}",
		'${file("secret.txt")}',
		'${templatefile("x", {})}',
		'${regex("a", "a")}',
		'${replace("a", "/a/", "b")}',
		"%{ if true }x%{ endif }",
		"${",
		"${a b}",
		"${[}",
		"${element([], 0)}",
		"${1 / 0}",
		"${local.list[9]}",
		'${"x" + 1}',
		'${aws_kms_key.k.arn == "x" ? 1 : 2}',
		"${lower(aws_kms_key.k.arn)}",
		'${try(aws_kms_key.k.arn, "x")}',
		'${coalesce(aws_kms_key.k.arn, "x")}',
		`\${${"(".repeat(200)}1${")".repeat(200)}}`,
		"${local.list}",
		"${0.1 + 0.2}",
		"${12345678901234567890}",
		'${replace("abc", "", "x")}',
		'${element(["a"], -1)}',
		'${tolist(["a"]) == ["a"] ? "x" : "y"}',
	])("what is not known is unknown: %s", (expression) => {
		expect(nameOf(expression, { ...rest, ...key })).toMatchObject({ value: undefined, unknown: true });
	});

	it("values that double each other end in unknown, in bounded time", () => {
		const locals: Json = { l0: "xxxxxxxxxxxxxxxx", m0: ["x"] };
		for (let index = 1; index < 60; index++) {
			locals[`l${index}`] = `\${local.l${index - 1}}\${local.l${index - 1}}`;
			locals[`m${index}`] = `\${concat(local.m${index - 1}, local.m${index - 1})}`;
		}
		const start = performance.now();
		expect(nameOf("${local.l59}", { locals })).toMatchObject({ value: undefined, unknown: true });
		expect(nameOf('${join("", local.m59)}', { locals })).toMatchObject({ value: undefined, unknown: true });
		expect(performance.now() - start).toBeLessThan(3000);
	});

	it("chains beyond the limit are unknown, not a crash", () => {
		const queues: Json = { q0: { name: "x" } };
		for (let index = 1; index < 5000; index++) queues[`q${index}`] = { name: `\${lower(aws_sqs_queue.q${index - 1}.name)}` };
		const items = evidence({ resource: { aws_sqs_queue: Object.fromEntries(Object.entries(queues).reverse()) } });
		expect(items.find(({ id }) => id === "aws_sqs_queue.q4999")?.unknown).toContain("name");
		expect(items.find(({ id }) => id === "aws_sqs_queue.q10")?.values).toEqual({ name: "x" });
	});
});

describe("policy documents", () => {
	const document = (body: Json, rest: Json = {}): Json => ({ data: { aws_iam_policy_document: { d: body }, aws_caller_identity: { c: {} } }, ...rest });
	const json = "${data.aws_iam_policy_document.d.json}";

	it("are computed as the provider does", () => {
		const { value, unknown } = policyOf(
			json,
			document({
				policy_id: "p",
				statement: [
					{
						sid: "A",
						actions: ["s3:Get*", "s3:Put*"],
						resources: ["*"],
						principals: { type: "AWS", identifiers: ["b", "a"] },
						condition: { test: "StringEquals", variable: "aws:SourceAccount", values: ["1"] },
					},
					{ effect: "Deny", not_actions: ["x:*"], not_resources: ["r"], not_principals: [{ type: "*", identifiers: ["*"] }] },
					{ actions: ["iam:&{x}"], resources: ["arn/&{aws:username}"] },
				],
			}),
		);
		expect(unknown).toBe(false);
		expect(JSON.parse(String(value))).toEqual({
			Version: "2012-10-17",
			Id: "p",
			Statement: [
				{
					Sid: "A",
					Effect: "Allow",
					Action: ["s3:Put*", "s3:Get*"],
					Resource: "*",
					Principal: { AWS: ["b", "a"] },
					Condition: { StringEquals: { "aws:SourceAccount": "1" } },
				},
				{ Effect: "Deny", NotAction: "x:*", NotResource: "r", NotPrincipal: "*" },
				{ Effect: "Allow", Action: "iam:${x}", Resource: "arn/${aws:username}" },
			],
		});
	});

	it("join sources and overrides by Sid, and unfold dynamic statements", () => {
		const { value } = policyOf(
			json,
			document({
				source_policy_documents: ['{"Statement": [{"Sid": "A", "Effect": "Allow", "Action": "a:b"}]}'],
				statement: { sid: "B", actions: ["b:c"] },
				dynamic: { statement: { for_each: ["x", "y"], content: { actions: ["${statement.value}:*"] } } },
				override_policy_documents: ['{"Statement": {"Sid": "A", "Effect": "Deny", "Action": "a:b"}}'],
			}),
		);
		expect(JSON.parse(String(value)).Statement).toEqual([
			{ Sid: "A", Effect: "Deny", Action: "a:b" },
			{ Sid: "B", Effect: "Allow", Action: "b:c" },
			{ Effect: "Allow", Action: "x:*" },
			{ Effect: "Allow", Action: "y:*" },
		]);
	});

	it("with unknown parts are unknown, with their text beside the values", () => {
		const body = {
			statement: {
				actions: ["kms:*"],
				resources: ["${aws_kms_key.k.arn}"],
				principals: { type: "AWS", identifiers: ["arn:aws:iam::${data.aws_caller_identity.c.account_id}:root"] },
			},
		};
		const found = policyOf(json, document(body, key));
		expect(found).toMatchObject({ value: undefined, unknown: true, references: ["aws_kms_key.k", "data.aws_caller_identity.c"] });
		expect(JSON.parse(String(found.partial)).Statement[0]).toMatchObject({
			Resource: "${aws_kms_key.k.arn}",
			Principal: { AWS: "arn:aws:iam::${data.aws_caller_identity.c.account_id}:root" },
		});
	});

	it("are wholly unknown where the structure is, and withheld where a part is sensitive", () => {
		expect(policyOf(json, document({ dynamic: { statement: { for_each: "${aws_kms_key.k.grants}", content: {} } } }, key))).toMatchObject({
			value: undefined,
			partial: "${data.aws_iam_policy_document.d.json}",
			unknown: true,
		});
		expect(policyOf(json, document({ statement: { actions: ["${var.s}"] } }, { variable: { s: { default: "HIDDEN", sensitive: true } } }))).toMatchObject({
			value: undefined,
			partial: undefined,
			unknown: true,
		});
	});

	it("written by jsonencode or as text keep their known parts too", () => {
		expect(policyOf('${jsonencode({Resource = aws_kms_key.k.arn, Action = "*"})}', key)).toMatchObject({
			unknown: true,
			partial: '{"Action":"*","Resource":"${aws_kms_key.k.arn}"}',
		});
		expect(policyOf('{"Resource": "${aws_kms_key.k.arn}/${lower(aws_kms_key.k.arn)}"}', key).partial).toBe('{"Resource": "${aws_kms_key.k.arn}/${unknown}"}');
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
