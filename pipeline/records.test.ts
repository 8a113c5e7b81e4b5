import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkRecords } from "./records.ts";

const root = mkdtempSync(join(tmpdir(), "mailward-check-records-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const header = { schema: "mailward/authorization-table/v1", columns: ["subject", "terms", "signedAt"], terms: { t: { formVersion: "3" } } };
const row = [`sub_${"a".repeat(26)}`, "t", "2026-02-01T10:00:00Z"];
const form = `schema: mailward/authorization-form/v1
records:
- id: form-3
  createdOn: 2026-01-01
  owner: {name: Privacy Official, role: Privacy Official}
  version: "3"
  textPath: forms/3.txt
  sha256: ${"a".repeat(64)}
  inUseFrom: 2026-01-01
`;

async function check(files: Record<string, string>): Promise<{ rows: number[]; problems: string[] }> {
	const dir = mkdtempSync(join(root, "r-"));
	for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
	const { tables, problems } = await checkRecords(dir, new AbortController().signal);
	const said = problems.map((one) => `${one.file.slice(dir.length + 1)}:${one.line} ${one.code} ${one.message}`);
	return { rows: tables.map((table) => table.rows), problems: said };
}

describe("checking a records folder", () => {
	const table = [header, row].map((line) => JSON.stringify(line)).join("\n");

	it("reads the tables of authorizations beside the records", async () => {
		expect(await check({ "forms.yaml": form, "2026.ndjson": table })).toEqual({ rows: [1], problems: [] });
	});

	it("says of a table that its form is not registered", async () => {
		const { problems } = await check({ "2026.ndjson": table });
		expect(problems).toEqual(["2026.ndjson:1 REC-106 terms.t.formVersion: no authorization-form record has this version"]);
	});

	it("prints the problems of records and tables together, and holds no table to records that were not read", async () => {
		const { problems } = await check({ "forms.yaml": form.replace("2026-01-01\n  owner", "soon\n  owner"), "2026.ndjson": `${table}\n["Alice"]` });
		expect(problems.map((one) => one.split(" ", 2).join(" "))).toEqual(["forms.yaml:4 REC-104", "2026.ndjson:3 REC-104"]);
		expect(problems.join()).not.toContain("Alice");
	});
});
