// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { describe, expect, it } from "vitest";
import { item, key, nameOf } from "./configuration.test-support.ts";

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
