// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates so.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evidenceLine } from "../../../model/canonical.ts";
import { evidenceSchema } from "../../../model/evidence.ts";
import { InputError } from "../../../model/source.ts";
import { readTerraform, terraformEvidence } from "./index.ts";
import { maxDepth, parseCounted, refuseRepeatedKeys, scanJson } from "./json-text.ts";

const options = { target: "stack.json", now: "2026-01-01T00:00:00Z", version: "1" };
const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

function problemOf(content: Uint8Array | string): { line: number; column: number; message: string } {
	try {
		readTerraform(typeof content === "string" ? octets(content) : content, "stack.json");
	} catch (error) {
		if (error instanceof InputError && error.problems[0] !== undefined) return error.problems[0];
		throw error;
	}
	throw new Error("was read");
}

describe("readTerraform", () => {
	it.each([
		["configuration", '{"resource": {}}'],
		["configuration", '{"//": {"metadata": {}}, "terraform": {}}'],
		["plan", '{"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {"root_module": {}}}'],
		["plan", '{"format_version": "0.1", "resource_changes": []}'],
		["state_show", '{"format_version": "1.0", "values": {"root_module": {}}}'],
		["state", '{"version": 4, "terraform_version": "1.5.7", "serial": 1, "lineage": "x", "outputs": {}, "resources": []}'],
	])("tells the form %s", (form, text) => {
		expect(readTerraform(octets(text), "stack.json").form).toBe(form);
	});

	it("keeps the version that the document states", () => {
		expect(readTerraform(octets('{"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {}}'), "x").terraformVersion).toBe("1.11.4");
		expect(readTerraform(octets('{"resource": {}}'), "x").terraformVersion).toBeUndefined();
	});

	it("decodes UTF-8 and UTF-16 with a byte-order mark", () => {
		const text = '{"resource": {"aws_s3_bucket": {"b": {"bucket": "mäil"}}}}';
		const little = Buffer.from(`\ufeff${text}`, "utf16le");
		const big = Buffer.from(little).swap16();
		for (const content of [octets(`\ufeff${text}`), little, big]) {
			const [item] = terraformEvidence(readTerraform(content, "x"), options);
			expect(item?.values).toEqual({ bucket: "mäil" });
		}
	});

	it.each([
		["", 1, 1, /empty/],
		[" \n\t ", 1, 1, /empty/],
		['{"resource": {\n  "a": tru\n}}', 2, 8, /expected a value/],
		['{"resource": {"a" 1}}', 1, 19, /colon/],
		['{"resource": {"a": 1 "b": 2}}', 1, 22, /comma/],
		['{"resource": {"a": [1,]}}', 1, 23, /expected a value/],
		['{"resource": {"a": "\\x"}}', 1, 20, /bad escape/],
		['{"resource": {"aws_s3_bucket": {"b": {"bucket": "secr', 1, 54, /cut short/],
		['{"resource": {}', 1, 16, /cut short/],
		['{"resource": {}}\n{"resource": {}}', 2, 1, /second value/],
		['{"resource": {}} x', 1, 18, /text follows/],
		["[1, 2]", 1, 1, /an array, not an object/],
		["null", 1, 1, /null, not an object/],
		['"text"', 1, 1, /a string, not an object/],
		["{}", 1, 1, /not a Terraform document/],
		['{"hello": 1}', 1, 1, /not a Terraform document/],
		['{"//": {}}', 1, 1, /not a Terraform document/],
		['{"version": 3, "terraform_version": "0.11.1", "modules": []}', 1, 1, /state version 3 is too old; run Terraform 0\.12/],
		['{"version": 5, "lineage": "x"}', 1, 1, /state version 5 is not known/],
		['{"version": "4", "lineage": "x"}', 1, 1, /unknown kind/],
		['{"version": 4, "lineage": "x"}', 1, 1, /no list of resources/],
		['{"serial": 1, "lineage": "x", "encrypted_data": "eA==", "encryption_version": "v0"}', 1, 1, /encrypted/],
		['{"format_version": "2.0", "planned_values": {}}', 1, 1, /newer than 1/],
		['{"format_version": 1, "planned_values": {}}', 1, 1, /no version number/],
		['{"format_version": "1.0"}', 1, 1, /neither a plan nor a state/],
		['{"format_version": "1.2", "planned_values": {}, "errored": true}', 1, 1, /ended in an error/],
		['{"format_version": "1.0", "provider_schemas": {}}', 1, 1, /provider schemas/],
		['{"format_version": "1.0", "valid": true}', 1, 1, /validate/],
		['{"@level":"info","@message":"Terraform 1.11.4"}\n{"@level":"info"}', 1, 1, /log of/],
		['# a comment\nresource "aws_s3_bucket" "b" {\n}', 1, 1, /own language/],
		['{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}', 1, 1, /CloudFormation/],
		['{"resource": {"aws_s3_bucket": {"b": {}, "b": {}}}}', 1, 42, /twice/],
	])("refuses %j at %i:%i", (text, line, column, message) => {
		const problem = problemOf(text);
		expect(problem.message).toMatch(message);
		expect([problem.line, problem.column]).toEqual([line, column]);
		expect(problem.message).not.toContain("secr");
	});

	it("refuses binary files, saved plans and bad encodings", () => {
		expect(problemOf(Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0)).message).toMatch(/binary form/);
		expect(problemOf(Uint8Array.of(0, 1, 2, 3)).message).toMatch(/binary/);
		expect(problemOf(Buffer.from('{"resource": {}}', "utf16le")).message).toMatch(/without a byte-order mark/);
		expect(problemOf(Uint8Array.of(0xff, 0xfe, 0x7b)).message).toMatch(/cut short/);
		expect(problemOf(Uint8Array.of(0xff, 0xfe, 0x00, 0xd8)).message).toMatch(/not valid UTF-16/);
		const bad = Buffer.concat([Buffer.from('{\n"a": "'), Buffer.of(0xc3, 0x28), Buffer.from('"}')]);
		expect(problemOf(bad)).toMatchObject({ line: 2, message: expect.stringMatching(/not UTF-8/) });
	});

	it("refuses nesting that would break readers, in any state of completeness", () => {
		for (const bomb of ["[".repeat(2_000_000), `{"resource": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`, '{"a":'.repeat(500_000)]) {
			expect(problemOf(bomb).message).toMatch(/nested more than/);
		}
		expect(() => readTerraform(octets(`{"resource": ${"[".repeat(maxDepth - 1)}${"]".repeat(maxDepth - 1)}}`), "x")).not.toThrow();
	});

	it("takes time linear in hostile text", () => {
		const start = performance.now();
		for (const text of [
			`{"resource": "${"\\".repeat(4_000_001)}`,
			`{"resource": "${'\\"'.repeat(2_000_000)}`,
			`{${" ".repeat(4_000_000)}`,
			`{"resource": [${"\n".repeat(2_000_000)}x]}`,
		]) {
			expect(() => readTerraform(octets(text), "x")).toThrow(InputError);
		}
		expect(performance.now() - start).toBeLessThan(5000);
	});
});

describe("scanJson", () => {
	it("accepts what JSON.parse accepts and refuses what it refuses, doubled keys apart", () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.json(),
					fc.string(),
					fc.json().map((text) => text.slice(0, -1)),
					fc.tuple(fc.json(), fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1)) + text.slice((at % (text.length + 1)) + 1)),
				),
				(text) => {
					let parsed = true;
					try {
						JSON.parse(text);
					} catch {
						parsed = false;
					}
					let refusal = "";
					try {
						scanJson(text, "x");
					} catch (error) {
						if (!(error instanceof InputError)) throw error;
						refusal = error.message;
					}
					if (refusal.includes("twice")) return;
					expect(refusal === "").toBe(parsed);
				},
			),
			{ numRuns: 500 },
		);
	});
});

describe("refuseRepeatedKeys", () => {
	it("refuses what scanJson refuses of JSON that parses", () => {
		const refusal = (work: () => void): string => {
			try {
				work();
				return "";
			} catch (error) {
				if (!(error instanceof InputError)) throw error;
				return error.message;
			}
		};
		const key = fc.constantFrom("a", "b", "__proto__", "1", 'q\\"', ":", "a\\u0062");
		const { json } = fc.letrec<{ json: string }>((tie) => ({
			json: fc.oneof(
				{ maxDepth: 4 },
				fc.constantFrom("1", "null", '":{,"', '"\\\\"'),
				fc.array(tie("json"), { maxLength: 3 }).map((items) => `[${items.join()}]`),
				fc.array(fc.tuple(key, tie("json")), { maxLength: 3 }).map((members) => `{${members.map(([name, value]) => `"${name}" :${value}`).join()}}`),
			),
		}));
		fc.assert(
			fc.property(json, (text) => {
				expect(refusal(() => refuseRepeatedKeys(parseCounted(text, "x"), text, "x"))).toBe(refusal(() => scanJson(text, "x")));
			}),
			{ numRuns: 500 },
		);
	});
});

describe("any input", () => {
	const name = fc.constantFrom(
		"resource",
		"data",
		"locals",
		"variable",
		"output",
		"module",
		"aws_s3_bucket",
		"b",
		"bucket",
		"policy",
		"__proto__",
		"constructor",
		"count",
		"for_each",
		"dynamic",
		"content",
		"rule",
		"planned_values",
		"root_module",
		"resources",
		"child_modules",
		"address",
		"type",
		"values",
		"mode",
		"resource_changes",
		"change",
		"after",
		"after_unknown",
		"after_sensitive",
		"actions",
		"configuration",
		"expressions",
		"references",
		"version",
		"format_version",
		"instances",
		"attributes",
		"sensitive_attributes",
		"aws_s3_bucket_lifecycle_configuration",
		"aws_iam_policy_document",
		"statement",
	);
	const leaf = fc.oneof(
		fc.constant(null),
		fc.boolean(),
		fc.integer(),
		fc.string(),
		fc.constantFrom(
			4,
			"1.0",
			"managed",
			"aws_s3_bucket",
			"aws_s3_bucket.b",
			"${aws_s3_bucket.b.bucket}",
			"${local.a}${local.b}",
			"${[for x in y : x]}",
			"${",
			"%{if true}x%{endif}",
			"create",
			"delete",
			"\ud800",
			"${data.aws_iam_policy_document.b.json}",
		),
	);
	const tree = fc.letrec((tie) => ({
		value: fc.oneof({ depthSize: "medium" }, leaf, fc.array(tie("value"), { maxLength: 4 }), fc.dictionary(name, tie("value"), { maxKeys: 6 })),
	})).value;

	function judge(content: Uint8Array): void {
		let items: unknown[];
		try {
			items = [...terraformEvidence(readTerraform(content, "stack.json"), options)];
		} catch (error) {
			expect(error).toBeInstanceOf(InputError);
			return;
		}
		for (const item of items) evidenceLine(evidenceSchema.parse(item));
	}

	it("gives evidence that fits the schema, or an InputError: octets", () => {
		fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), judge), { numRuns: 300 });
	});

	it("gives evidence that fits the schema, or an InputError: JSON of any shape", () => {
		const shells: ((value: unknown) => unknown)[] = [
			(value) => value,
			(value) => ({ resource: value }),
			(value) => ({ resource: { aws_s3_bucket: { b: value }, aws_s3_bucket_lifecycle_configuration: { l: value } }, locals: { a: value, b: "${local.a}" } }),
			(value) => ({
				resource: { aws_s3_bucket_policy: { p: { policy: "${data.aws_iam_policy_document.d.json}", bucket: value } } },
				data: { aws_iam_policy_document: { d: { statement: value } } },
			}),
			(value) => ({ format_version: "1.0", planned_values: value, resource_changes: value, configuration: value }),
			(value) => ({ format_version: "1.0", planned_values: { root_module: value }, configuration: { root_module: value } }),
			(value) => ({
				format_version: "1.0",
				resource_changes: [
					{ address: "aws_s3_bucket.b", type: "aws_s3_bucket", change: { actions: ["create"], after: value, after_unknown: value, after_sensitive: value } },
				],
			}),
			(value) => ({ format_version: "1.0", values: { root_module: value, outputs: value } }),
			(value) => ({ version: 4, lineage: "x", resources: value, outputs: value }),
			(value) => ({
				version: 4,
				lineage: "x",
				resources: [
					{ type: "aws_s3_bucket", name: "b", module: "module.x", instances: [{ attributes: value, index_key: value, sensitive_attributes: value }] },
				],
			}),
		];
		fc.assert(
			fc.property(fc.constantFrom(...shells), tree, (shell, value) => judge(octets(JSON.stringify(shell(value))))),
			{ numRuns: 2000 },
		);
	});
});
