import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problemsOf } from "./fixtures/problems.ts";
import { folderWith, waiverYaml } from "./fixtures/register.ts";
import { duplicateKeyOffset, shapeOf } from "./json-line.ts";
import { loadRecords } from "./load.ts";

describe("duplicate keys in JSON", () => {
	it.each([
		['{"a":1,"a":2}', 7],
		['{"a":1, "\\u0061" : 2}', 8],
		['[{"a":1},{"a":2}]', -1],
		['{"a":{"a":{"a":1}}}', -1],
		['{"a":["a","a"],"b":"a"}', -1],
		['{"a":{"b":1,"c":[{"d":1,"d":2}]}}', 24],
		['{"x":"{\\"a\\":1,\\"a\\":2}"}', -1],
		['"a"', -1],
		['{"":1,"":2}', 6],
	])("%s", (text, offset) => {
		expect(() => JSON.parse(text)).not.toThrow();
		expect(duplicateKeyOffset(text)).toBe(offset);
	});
	it("are found in no value that was written by JSON.stringify", () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.nat({ max: 2 }), (value, indent) => {
				expect(duplicateKeyOffset(JSON.stringify(value, null, indent))).toBe(-1);
			}),
		);
	});
	it("are found wherever one is put", () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.string(), (value, key) => {
				const name = JSON.stringify(key);
				const text = `[${JSON.stringify(value)},{${name}:0,${name}:${JSON.stringify(value)}}]`;
				expect(duplicateKeyOffset(text)).toBeGreaterThan(0);
			}),
		);
	});
	it("never loop on text that is no JSON", () => {
		fc.assert(
			fc.property(fc.string(), (text) => {
				try {
					duplicateKeyOffset(text);
				} catch (error) {
					expect(error).toBeInstanceOf(SyntaxError);
				}
			}),
		);
	});
});

describe("the shape of a value", () => {
	const limits = { nesting: 3, keysPerMap: 2, nodes: 10 };
	it("is told apart from its limits", () => {
		expect(shapeOf({ a: { b: [1, 2] } }, limits)).toBeUndefined();
		expect(shapeOf([[[[]]]], limits)).toBe("nested deeper than 3 levels");
		expect(shapeOf({ a: 1, b: 2, c: 3 }, limits)).toBe("a map with more than 2 fields");
		expect(shapeOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], limits)).toBe("more than 10 values");
	});
});

describe("files of JSON Lines", () => {
	const record = '{"id": "w-1", "createdOn": "2026-01-02", "owner": {"name": "Security Official"}}';
	it("positions problems by line and column", async () => {
		const found = await problemsOf({ "w.jsonl": `{"schema": "mailward/waiver/v1"}\n\n${record.replace("2026-01-02", "soon")}\n` });
		expect(found).toContain('records/w.jsonl:3:28: error REC-104 records[0].createdOn: expected a date YYYY-MM-DD, got "soon"');
		expect(found).toContain("records/w.jsonl:3:1: error REC-102 records[0].kind: required field missing");
	});
	it("takes strict JSON only, and finds duplicate keys", async () => {
		expect(await problemsOf({ "w.jsonl": "{schema: mailward/waiver/v1}\n" })).toEqual(["records/w.jsonl:1:1: error REC-100 not valid JSON: one record a line"]);
		expect(await problemsOf({ "w.jsonl": '{"schema": "mailward/waiver/v1"}\n{"id": "a", "id": "b"}\n' })).toEqual([
			"records/w.jsonl:2:13: error REC-100 not valid JSON: duplicate key",
		]);
		expect(await problemsOf({ "w.jsonl": '{"schema": "mailward/waiver/v9"}\n' })).toEqual([expect.stringContaining("records/w.jsonl:1:12: error REC-107")]);
		expect(await problemsOf({ "w.jsonl": "\n\n" })).toEqual([expect.stringContaining("w.jsonl:1:1: error REC-107")]);
		expect(await problemsOf({ "w.jsonl": '[1]\n{"a":1}' })).toEqual([expect.stringContaining("w.jsonl:1:1: error REC-107")]);
	});
	it("reads what is right", async () => {
		const { schema, records } = (await import("yaml")).parse(waiverYaml) as { schema: string; records: object[] };
		const folder = await folderWith({ "w.jsonl": `${JSON.stringify({ schema })}\n${records.map((one) => JSON.stringify(one)).join("\n")}` });
		const { items, problems } = await loadRecords(folder);
		expect(problems).toEqual([]);
		expect(items.map((item) => [item.id, item.values.file.line])).toEqual([["waiver-1", 2]]);
	});
});
