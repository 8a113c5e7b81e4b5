import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../model/source.ts";
import { jsonParts } from "./json-parts.ts";

/** The document put together again from its parts, fed `size` octets at a time. */
function read(octets: Buffer, size: number): Record<string, unknown> {
	const document: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
	const parts = jsonParts("d.json", {
		member(key, value) {
			document[key] = value;
		},
		element(key, value) {
			document[key] ??= [];
			(document[key] as unknown[]).push(value);
		},
	});
	for (let start = 0; start < octets.length; start += size) parts.push(octets.subarray(start, start + size));
	parts.end();
	return document;
}

function problem(text: string | Buffer): string {
	const found = [1, 3, 1000].map((size) => {
		try {
			read(Buffer.from(text), size);
		} catch (error) {
			if (error instanceof InputError) return error.message;
			throw error;
		}
		return "read without a word";
	});
	expect(new Set(found).size, found.join(" | ")).toBe(1);
	return found[0] ?? "";
}

describe("a JSON document read part by part", () => {
	it("is what JSON.parse makes of it, wherever the pieces are cut", () => {
		fc.assert(
			fc.property(
				fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()),
				fc.integer({ min: 1, max: 40 }),
				fc.constantFrom(0, 2),
				(value, size, indent) => {
					const text = JSON.stringify(value, null, indent);
					expect(JSON.stringify(read(Buffer.from(text), size))).toBe(JSON.stringify(JSON.parse(text)));
				},
			),
			{ numRuns: 60 },
		);
	});

	it("takes or refuses what JSON.parse does, and never hangs or crashes", () => {
		const pieces = fc.constantFrom("{", "}", "[", "]", ",", ":", '"a"', '"b"', "1", "tru", "null", " ", "\n", '"', "\\", "x");
		fc.assert(
			fc.property(fc.array(pieces, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), (tokens, size) => {
				const text = `{${tokens.join("")}`;
				let expected: unknown = null;
				try {
					expected = JSON.parse(text) as unknown;
				} catch (error) {
					expect(error).toBeInstanceOf(SyntaxError);
				}
				try {
					expect(read(Buffer.from(text), size)).toEqual(expected);
				} catch (error) {
					if (!(error instanceof InputError)) throw error;
					// Refused although JSON.parse takes it: only a key that stands twice.
					if (expected !== null) expect(error.message).toContain("stands twice");
				}
			}),
			{ numRuns: 1000 },
		);
	});

	it("drops a byte-order mark", () => {
		expect(read(Buffer.from('\uFEFF{"a":[1,2],"b":"\u2028"}'), 1)).toEqual({ a: [1, 2], b: "\u2028" });
	});

	it.each([
		["a fault in a row, where it stands", '{\n  "rows": [\n    {"a": 1},\n    {"a": tru}\n  ]\n}', "d.json:4:11: error not valid JSON: expected a value"],
		["a row too few", '{"rows": [1,]}', "d.json:1:13: error not valid JSON: expected a value"],
		["a key that stands twice", '{"a": 1,\n"a": 2}', 'd.json:1:9: error not valid JSON: the key "a" stands twice; the first would be lost'],
		["a file cut short", '{"a": [1, {"b": "', "d.json:1:18: error not valid JSON: the document ends in the middle; the file is cut short, or no JSON object"],
		["an empty file", " ", "d.json:1:2: error not valid JSON: the document ends in the middle; the file is cut short, or no JSON object"],
		["a list", "[1]", "d.json:1:4: error not valid JSON: the document ends in the middle; the file is cut short, or no JSON object"],
		["a second document", "{} {}", "d.json:1:4: error not valid JSON: text follows the document"],
		["brackets without end", `{"a":${"[".repeat(5000)}`, "nested more than 400 levels deep"],
	])("names %s", (_name, text, message) => {
		expect(problem(text)).toContain(message);
	});

	it("names octets that are no UTF-8", () => {
		expect(problem(Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]))).toContain("d.json:1:6: error not UTF-8");
	});
});
