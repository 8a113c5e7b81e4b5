import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../model/result.ts";
import { resultDocumentSchema } from "../../model/result.ts";
import { realisticResult } from "../testing/realistic.ts";
import { resultDocument } from "../testing/result-builder.ts";
import { defaultTheme } from "../theme/theme.ts";
import { writer } from "./index.ts";

function jsonOf(result: ResultDocument): string {
	const files = [...writer.write(result, defaultTheme)];
	expect(files.map((file) => file.path)).toEqual(["result.json"]);
	return files.map((file) => [...file.chunks].join("")).join("");
}

describe("result.json", () => {
	it("is the document with two spaces and a newline at the end", () => {
		for (const result of [realisticResult(), resultDocument([], [])]) {
			expect(jsonOf(result)).toBe(`${JSON.stringify(result, null, 2)}\n`);
		}
	});

	it("keeps the document's own order of keys, and can be read again", () => {
		const result = realisticResult();
		expect(Object.keys(JSON.parse(jsonOf(result)) as object)).toEqual(Object.keys(result));
		expect(resultDocumentSchema.parse(JSON.parse(jsonOf(result)))).toEqual(result);
	});

	it("does not follow the theme", () => {
		const result = realisticResult();
		const other = [...writer.write(result, { ...defaultTheme, classification: "Public", edition: "final" })].map((file) => [...file.chunks].join("")).join("");
		expect(other).toBe(jsonOf(result));
	});

	it("writes any value as JSON.stringify does", () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()), (records, values) => {
				const result = { ...resultDocument([], []), records, parameters: values } as unknown as ResultDocument;
				expect(jsonOf(result)).toBe(`${JSON.stringify(result, null, 2)}\n`);
			}),
		);
	});
});
