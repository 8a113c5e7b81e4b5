import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { InputError } from "../model/source.ts";
import { lintContent } from "./lint.ts";

const root = mkdtempSync(join(tmpdir(), "mailward-hostile-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const mebibyte = 1024 * 1024;
const marker = "MRN 00487213";
/** Just below the limit of one file, on one line. */
const filled = (text: string): string => text.repeat(Math.floor((mebibyte - 4096) / text.length));

/** One folder with these files and a template in order, linted as a user would; by file what its rules say, and why. */
async function lint(files: Record<string, string | Buffer>, sparse: Record<string, number> = {}): Promise<Map<string, Set<string>>> {
	const dir = mkdtempSync(join(root, "c-"));
	mkdirSync(join(dir, "t"));
	const all = { ...files, "good.html": "<p>We are open.</p>", "good.txt": "We are open.", "good.meta.yaml": "subject: News from our team\n" };
	for (const [name, text] of Object.entries(all)) writeFileSync(join(dir, "t", name), text);
	for (const [name, size] of Object.entries(sparse)) truncateSync(join(dir, "t", name), size);
	const result = await lintContent({ paths: ["t"], open: (path) => join(dir, path), signal: new AbortController().signal });
	expect(JSON.stringify(result)).not.toContain("00487213");
	const said = new Map<string, Set<string>>();
	for (const one of result.results) {
		const name = one.resource.slice("t/".length);
		said.set(name, (said.get(name) ?? new Set()).add(one.reason === null ? one.state : `${one.state} ${one.reason.code}`));
	}
	// The run went on: what is in order was judged beside the rest.
	expect(said.get("good.html")).toContain("pass");
	return said;
}

describe("hostile files beside a template in order", () => {
	it("that are too large, too deep or too wide are left open, whole", async () => {
		const deep = Array.from({ length: 10_000 }, (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`).join("");
		const part = "--b\r\nContent-Disposition: attachment; filename=a.bin\r\n\r\nx\r\n";
		const said = await lint(
			{
				"large.eml": `Subject: ${marker}\r\n\r\nx`,
				"deep.eml": `Subject: ${marker}\r\n${deep}`,
				"wide.eml": `Subject: ${marker}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(10_000)}--b--`,
				"header.eml": `Subject: ${marker}${"x".repeat(3 * mebibyte)}\r\n\r\nx`,
				"large.html": `<p>${marker}</p>`,
				"deep.html": `${"<div>".repeat(50_000)}${marker}`,
				"latin.html": Buffer.from([0x3c, 0xff, 0xfe]),
				"big.metrics.csv": `a,b\n${"x,1\n".repeat(20_000)}`,
			},
			{ "large.eml": 50 * mebibyte, "large.html": 50 * mebibyte },
		);
		for (const name of ["large.eml", "deep.eml", "wide.eml", "header.eml", "large.html", "deep.html", "big.metrics.csv"])
			expect([name, ...(said.get(name) ?? [])]).toEqual([name, "not_assessed too_large"]);
		expect([...(said.get("latin.html") ?? [])]).toEqual(["not_assessed malformed"]);
	});

	it("of one line of a mebibyte are read in bounded time", async () => {
		const lines = {
			letters: "a",
			addresses: "a@",
			tags: "{{#if a}}",
			liquid: "{% if ",
			styles: "<style>@import url(",
			words: "your diabetes ",
		};
		const said = await lint(Object.fromEntries(Object.entries(lines).map(([name, text]) => [`${name}.html`, filled(text)])));
		expect(Object.keys(lines).filter((name) => (said.get(`${name}.html`)?.size ?? 0) === 0)).toEqual([]);
		expect([...(said.get("tags.html") ?? [])]).toEqual(["not_assessed too_large"]);
	});

	it("that are packed are no content and are not unpacked", async () => {
		const said = await lint({ "bomb.html.gz": gzipSync(Buffer.alloc(4 * mebibyte)), "list.csv": `${"x".repeat(mebibyte)},email\n` });
		expect(said.has("bomb.html.gz")).toBe(false);
		expect(said.get("list.csv")).toContain("fail");
	});

	const laughs = [
		"a: &a [x,x,x,x,x,x,x,x,x]",
		...[..."bcdefghi"].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(",")}]`),
	];
	it.each<[string, string, string]>([
		["aliases that multiply", "good.meta.yaml", laughs.join("\n")],
		["a segment that nests without end", "s.segment.yaml", `schema: mailward/segment/v1\nname: n\nwhere: ${"{not: ".repeat(20_000)}`],
		["a list of something else", "l.list.yaml", `schema: mailward/list/v1\nname: ${JSON.stringify(marker)}\ncolumns: 1\n`],
		["a template of brackets", "t.template.json", "[".repeat(200_000)],
		["a page that is none", "p.opt-out.yaml", "\0"],
	])("with %s stop the run with the file and its line, and no text of it", async (_name, name, text) => {
		const dir = mkdtempSync(join(root, "i-"));
		writeFileSync(join(dir, "good.html"), "<p>We are open.</p>");
		writeFileSync(join(dir, name), text);
		const failed = await lintContent({ paths: [dir], open: (path) => path, signal: new AbortController().signal }).then(
			() => undefined,
			(error: unknown) => error,
		);
		expect(failed).toBeInstanceOf(InputError);
		const [problem] = (failed as InputError).problems;
		expect([problem?.file, (problem?.line ?? 0) > 0, problem?.message]).toEqual([join(dir, name), true, expect.stringMatching(/\S/)]);
		expect(JSON.stringify((failed as InputError).problems)).not.toContain("00487213");
	});
});
