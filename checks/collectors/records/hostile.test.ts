import { execFileSync } from "node:child_process";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatProblem } from "../../../model/source.ts";
import { attestationYaml, baaYaml, folderWith, waiverYaml } from "./fixtures/register.ts";
import { loadRecords } from "./load.ts";

async function read(folder: string): Promise<string[]> {
	const { problems, items } = await loadRecords(folder, { label: "records" });
	if (problems.length > 0) expect(items).toEqual([]);
	return problems.map(formatProblem);
}

async function timed(files: Record<string, string | Uint8Array>): Promise<string[]> {
	const folder = await folderWith(files);
	const start = performance.now();
	const problems = await read(folder);
	expect(performance.now() - start).toBeLessThan(10_000);
	return problems;
}

describe("hostile files", () => {
	it.each<[string, string | Uint8Array, string]>([
		["nothing", "", "x.yaml:1:1: error REC-107 file is empty; expected schema: mailward/<kind>/v1 and records: [...]"],
		["comments only", "# later\n", "x.yaml:1:1: error REC-107 file is empty"],
		["a list", "- a\n", "x.yaml:1:1: error REC-107 expected a map with schema and records"],
		["UTF-16", Buffer.from("\ufeffschema: mailward/baa/v1\n", "utf16le"), "x.yaml:1:1: error REC-100 file is UTF-16; save it as UTF-8"],
		["UTF-16 big-endian, no mark", Buffer.from("\0s\0c"), "x.yaml:1:1: error REC-100 NUL octet"],
		["a NUL", "schema: mailward/baa/v1\nrecords: [\0]\n", "x.yaml:2:11: error REC-100 NUL octet: the file is binary or UTF-16; save it as UTF-8 text"],
		["Latin-1", Buffer.from("schema: mailward/baa/v1\nnotes: caf\xe9\n", "latin1"), "x.yaml:2:12: error REC-100 not UTF-8"],
		["a PDF", Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\0", "latin1"), "x.yaml:3:8: error REC-100 NUL octet"],
		[
			"two documents",
			"schema: mailward/baa/v1\nrecords: []\n---\na: 1\n",
			"x.yaml:3:1: error REC-100 not valid YAML: more than one document; keep one in a file",
		],
		["an alias of itself", "schema: mailward/baa/v1\nrecords: &a [*a]\n", "x.yaml:2:14: error REC-100 records[0][0][0]"],
		["deep brackets", `schema: mailward/baa/v1\nrecords: ${"[".repeat(200_000)}`, "x.yaml:2:59: error REC-100 nested deeper than 50 levels"],
		["deep dashes", "- ".repeat(50_000), "x.yaml:1:101: error REC-100 nested deeper than 50 levels"],
		["deep maps", Array.from({ length: 1000 }, (_, level) => `${" ".repeat(level)}a:`).join("\n"), "x.yaml:51:51: error REC-100 nested deeper than 50 levels"],
		["many keys", Array.from({ length: 150_000 }, (_, index) => `k${index}: 1`).join("\n"), "x.yaml:1:1: error REC-100 a map with more than 500 fields"],
		["many values", `records: [${"1,".repeat(400_000)}1]`, "error REC-100 more than 200000 values"],
		[
			"ten megabytes",
			`schema: mailward/baa/v1\n${"#".repeat(10 * 1024 * 1024)}\n`,
			"x.yaml:1:1: error REC-100 file has 10485785 bytes; at most 2097152 are read; split it or use JSON Lines, one record a line",
		],
	])("%s", async (_name, content, expected) => {
		const problems = await timed({ "x.yaml": content });
		expect(problems[0]).toContain(expected);
	});

	it("stops at aliases that multiply", async () => {
		const laughs = [
			"a: &a [x,x,x,x,x,x,x,x,x]",
			...[..."bcdefghi"].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(",")}]`),
		].join("\n");
		expect(await timed({ "x.yaml": `schema: mailward/baa/v1\n${laughs}\n` })).toEqual([
			expect.stringContaining("REC-100 not valid YAML: an alias without its anchor, or aliases that expand beyond the limit"),
		]);
	});

	it("caps the problems of one file and says how many more there are", async () => {
		const problems = await timed({ "x.yaml": `schema: mailward/baa/v1\nrecords: [${"1,".repeat(5000)}1]` });
		expect(problems).toHaveLength(1001);
		expect(problems[1000]).toContain("and 4001 more problems in this file");
	});

	it("bounds JSON Lines as well", async () => {
		const header = '{"schema": "mailward/waiver/v1"}\n';
		expect(await timed({ "x.jsonl": `${header}{"a": "${"x".repeat(2_000_000)}"}` })).toEqual([expect.stringContaining("x.jsonl:2:1: error REC-100 line has")]);
		expect(await timed({ "x.jsonl": `${header}${"[".repeat(100_000)}` })).toEqual([expect.stringContaining("x.jsonl:2:1: error REC-100")]);
		expect(await timed({ "x.jsonl": `${header}${"[".repeat(5000)}${"]".repeat(5000)}` })).toEqual([
			"records/x.jsonl:2:1: error REC-100 nested deeper than 50 levels",
		]);
	});
});

describe("what lies in the folder", () => {
	it("takes a folder that does not exist for no records, and a file for an error", async () => {
		const folder = await folderWith({ "notes.txt": "x" });
		expect(await loadRecords(join(folder, "nowhere"))).toEqual({ items: [], problems: [] });
		expect(await loadRecords(folder)).toEqual({ items: [], problems: [] });
		expect(await read(join(folder, "notes.txt"))).toEqual(["records:1:1: error REC-100 not a folder; give the folder that holds the records"]);
	});

	it("follows no link out of the folder, into folders, or to nowhere", async () => {
		const folder = await folderWith({ "a.yaml": waiverYaml });
		await writeFile(join(dirname(folder), "outside.yaml"), baaYaml);
		await mkdir(join(dirname(folder), "more"));
		await symlink("../outside.yaml", join(folder, "b.yaml"));
		await symlink("../more", join(folder, "more"));
		await symlink("gone.yaml", join(folder, "c.yaml"));
		await symlink("d.yaml", join(folder, "d.yaml"));
		await symlink("gone", join(folder, "unrelated"));
		expect(await read(folder)).toEqual([
			"records/b.yaml:1:1: error REC-100 symbolic link leads out of the records folder; put the file itself here",
			"records/c.yaml:1:1: error REC-100 symbolic link leads nowhere",
			"records/d.yaml:1:1: error REC-100 symbolic link leads back to itself",
			"records/more:1:1: error REC-100 symbolic link to a folder is not followed; put the records themselves here",
		]);
	});

	it("does not wait on a named pipe", async () => {
		const folder = await folderWith({});
		execFileSync("mkfifo", [join(folder, "p.yaml")]);
		expect(await read(folder)).toEqual(["records/p.yaml:1:1: error REC-100 not a regular file but a named pipe"]);
	});

	it("says which file or folder could not be read", async () => {
		const folder = await folderWith({ "a.yaml": waiverYaml, "sub/b.yaml": baaYaml });
		await chmod(dirname(folder), 0o755);
		await chmod(join(folder, "a.yaml"), 0);
		await chmod(join(folder, "sub"), 0);
		// Root reads everything: be nobody for the time of the look.
		const root = process.geteuid?.() === 0;
		if (root) process.seteuid?.(65534);
		try {
			expect(await read(folder)).toEqual([
				"records/a.yaml:1:1: error REC-100 cannot be read (EACCES)",
				"records/sub:1:1: error REC-100 folder cannot be read (EACCES); nothing is judged on a register that was not read whole",
			]);
		} finally {
			if (root) process.seteuid?.(0);
			await chmod(join(folder, "sub"), 0o755);
		}
	});

	it("leaves .git alone and reads other hidden files", async () => {
		const folder = await folderWith({ ".git/x.yaml": "a: [", ".draft.yaml": waiverYaml });
		expect((await loadRecords(folder)).items.map((item) => item.values.file.path)).toEqual([".draft.yaml"]);
	});
});

describe("planted identifiers", () => {
	const markers = ["219-09-9999", "217-555-0123", "pat.marker@clinic.example", "1EG4-TE5-MK73"];
	const places: [string, (marker: string) => Record<string, string>][] = [
		["a text", (marker) => ({ "x.yaml": baaYaml.replace("notes: plain", `notes: "see ${marker}"`) })],
		["a nested text", (marker) => ({ "x.yaml": baaYaml.replace("late notice", `"${marker}"`) })],
		["an unknown field's value", (marker) => ({ "x.yaml": baaYaml.replace("notes: plain", `extra: {deep: ["${marker}"]}`) })],
		["a field's name", (marker) => ({ "x.yaml": baaYaml.replace("notes: plain", `"${marker}": 1`) })],
		["a field's name with a map below", (marker) => ({ "x.yaml": baaYaml.replace("notes: plain", `"${marker}": {noets: "${marker}"}`) })],
		["a date", (marker) => ({ "x.yaml": baaYaml.replace("2025-01-02", `"${marker}"`) })],
		["a choice", (marker) => ({ "x.yaml": baaYaml.replace("status: executed", `status: "${marker}"`) })],
		["an id", (marker) => ({ "x.yaml": waiverYaml.replace("waiver-1", `"${marker}"`), "y.yaml": waiverYaml.replace("waiver-1", `"${marker}"`) })],
		["the schema", (marker) => ({ "x.yaml": waiverYaml.replace("mailward/waiver/v1", `"${marker}"`) })],
		["a tag", (marker) => ({ "x.yaml": baaYaml.replace("notes: plain", `notes: !${marker} plain`) })],
		["an alias", (marker) => ({ "x.yaml": baaYaml.replace("notes: plain", `notes: *${marker}`) })],
		["an escape", (marker) => ({ "x.yaml": baaYaml.replace("notes: plain", `notes: "\\q${marker}"`) })],
		["a block header", (marker) => ({ "x.yaml": baaYaml.replace("notes: plain", `notes: | ${marker}`) })],
		["text after a quote", (marker) => ({ "x.yaml": baaYaml.replace("notes: plain", `notes: "a" ${marker}`) })],
		["a directive", (marker) => ({ "x.yaml": `%${marker}\n---\n${baaYaml}` })],
		["a line that is no JSON", (marker) => ({ "x.jsonl": `{"schema": "mailward/waiver/v1"}\n{"id": ${marker}}\n` })],
		["a JSON record", (marker) => ({ "x.jsonl": `{"schema": "mailward/waiver/v1"}\n{"id": "${marker}", "${marker}": 1}\n` })],
		["a document's path", (marker) => ({ "x.yaml": baaYaml.replace("documents/baa.pdf", `"documents/${marker}.pdf"`) })],
		["a file's name", (marker) => ({ [`${marker}.yaml`]: baaYaml })],
		["a folder's name", (marker) => ({ [`about ${marker}/x.yaml`]: baaYaml })],
		["an address that is no staff reference's", (marker) => ({ "x.yaml": attestationYaml.replace("statement: I looked.", `statement: {email: "${marker}"}`) })],
	];
	for (const [place, plant] of places) {
		it.each(markers)(`in ${place}: %s is reported and never shown`, async (marker) => {
			const problems = await read(await folderWith(plant(marker)));
			expect(problems.length).toBeGreaterThan(0);
			const text = problems.join("\n");
			for (const form of [marker, marker.replace(/\D/g, ""), Buffer.from(marker).toString("base64"), marker.slice(-8), marker.slice(0, 8)]) {
				if (form !== "") expect(text).not.toContain(form);
			}
		});
	}

	it("lets staff have addresses wherever the schema has staff", async () => {
		const text = attestationYaml.replace("{name: Privacy Official, role", "{name: Privacy Official, email: privacy@clinic.example, role");
		expect(await read(await folderWith({ "x.yaml": text }))).toEqual([]);
		expect(await read(await folderWith({ "x.yaml": text.replace("name: Privacy Official, email", "name: privacy@clinic.example, email") }))).toEqual([
			expect.stringContaining("REC-120 records[0].performedBy.name"),
		]);
	});
});

describe("any bytes", () => {
	it("give items or problems with a position, never an exception", async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.constantFrom("x.yaml", "x.jsonl"), async (octets, name) => {
				const { items, problems } = await loadRecords(await folderWith({ [name]: octets }));
				expect(items).toEqual([]);
				expect(problems.length).toBeGreaterThan(0);
				for (const problem of problems) {
					expect(problem.line).toBeGreaterThan(0);
					expect(problem.column).toBeGreaterThan(0);
					expect(problem.code).toMatch(/^REC-1\d\d$/);
				}
			}),
			{ numRuns: 150 },
		);
	});
	it("put anywhere into a right file likewise", async () => {
		const base = Buffer.from(baaYaml);
		await fc.assert(
			fc.asyncProperty(
				fc.nat({ max: base.length }),
				fc.oneof(
					fc.uint8Array({ maxLength: 4 }),
					fc.constantFrom(..."{}[]:#&*!|>'\"%@`\n\t-?,".split("")).map((one) => Buffer.from(one)),
				),
				async (at, octets) => {
					const { problems } = await loadRecords(await folderWith({ "x.yaml": Buffer.concat([base.subarray(0, at), octets, base.subarray(at)]) }));
					for (const problem of problems) expect(problem.code).toMatch(/^REC-1\d\d$/);
				},
			),
			{ numRuns: 200 },
		);
	});
});
