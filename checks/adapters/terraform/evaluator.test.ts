// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import { describe, expect, it } from "vitest";
import { evidence, type Json, key, nameOf } from "./configuration.test-support.ts";

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
		["${jsonencode([for v in [null] : v])}", "[null]"],
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
