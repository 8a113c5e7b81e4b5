import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resultDocumentSchema } from "../model/result.ts";
import { largeResult, realisticResult } from "../reports/testing/realistic.ts";
import { readResultFile } from "./read-result.ts";

let dir = "";
beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), "mailward-read-result-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function file(text: string): Promise<string> {
	const path = join(dir, "result.json");
	await writeFile(path, text);
	return path;
}

describe("a result that is read row by row", () => {
	it.each([
		["typical", realisticResult()],
		["large", largeResult(300)],
		["empty", largeResult(0)],
	])("is the same document, member for member: %s", async (_name, document) => {
		const text = JSON.stringify(document);
		const read = await readResultFile(await file(text));
		expect(JSON.stringify(read)).toBe(JSON.stringify(resultDocumentSchema.parse(JSON.parse(text))));
	});

	it("names the row, its line and the field that no known version has", async () => {
		const document = largeResult(3);
		const changed = { ...document, results: document.results.map((item, index) => (index === 2 ? { ...item, status: "fine" } : item)) };
		await expect(readResultFile(await file(JSON.stringify(changed)))).rejects.toThrow(/:1:\d{3,}: error results\.2\.status: not a result of a known version/);
		const lines = JSON.stringify(changed, null, "\t");
		const line = lines.slice(0, lines.indexOf('"fine"')).split("\n").lastIndexOf("\t\t{") + 1;
		await expect(readResultFile(await file(lines))).rejects.toThrow(`:${line}:3: error results.2.status`);
	});

	it.each([
		["a missing list", { results: undefined }, /results: not a result of a known version/],
		["a list that is none", { results: {} }, /results: not a result of a known version/],
		["an unknown member", { more: [] }, /not a result of a known version: Unrecognized key/],
		["another schema", { schema: "other/v1" }, /schema: not a result of a known version/],
	])("refuses %s", async (_name, change, message) => {
		await expect(readResultFile(await file(JSON.stringify({ ...largeResult(2), ...change })))).rejects.toThrow(message);
	});
});
