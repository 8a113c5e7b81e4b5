import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Evidence } from "../../../model/evidence.ts";
import { InputError } from "../../../model/source.ts";
import type { CollectContext } from "../collector.ts";
import content from "./index.ts";
import { type ContentDocument, type ContentList, contentListSchema, documentSchema } from "./schema.ts";

let root: string;
beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), "mailward-content-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function seen(files: Record<string, string | Buffer>): Promise<Evidence[]> {
	const dir = await mkdtemp(join(root, "case-"));
	for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
	const context = { path: dir, now: () => "2026-11-24T09:00:00Z", signal: new AbortController().signal } as unknown as CollectContext;
	const items: Evidence[] = [];
	for await (const item of content.collect({ id: "t", type: "content" }, context)) items.push(item);
	return items;
}

const documentOf = (item: Evidence | undefined): ContentDocument => documentSchema.parse(item?.values);
const listOf = (item: Evidence | undefined): ContentList => contentListSchema.parse(item?.values);

/** Identifiers and words that no output may hold, nor a decoding of them. */
const planted = ["219-09-9999", "00487213", "1EG4-TE5-MK73", "jane.roe@patient.example", "312-555-0134", "Zzyzx", "Querious"];
const encoded = (text: string): string[] => [
	text,
	text.toLowerCase(),
	Buffer.from(text).toString("base64"),
	Buffer.from(text).toString("hex"),
	encodeURIComponent(text),
];

describe("evidence of content", () => {
	it("holds nothing of the text it was read from, in any position", async () => {
		const mark = planted.join(" ");
		const hidden = Buffer.from(mark).toString("base64");
		const items = await seen({
			"a.html": `<div style="display:none">${mark}</div><p title="${mark}">SSN ${mark} {{ x | default: '${mark}' }}</p><img alt="${mark}" src="https://x.example/${encodeURIComponent(mark)}"><a href="https://x.example/?e=${hidden}">x</a><script>${mark}</script>`,
			"a.meta.yaml": `subject: ${JSON.stringify(`MRN ${mark} diabetes`)}\nfromName: ${JSON.stringify(mark)}\ntags: {a: ${JSON.stringify(mark)}}\n`,
			"a.txt": mark,
			"b.eml": `From: "${mark}" <news@example.org>\nSubject: =?utf-8?B?${Buffer.from(`SSN ${mark}`).toString("base64")}?=\nX-Note: ${mark}\nMessage-ID: <${planted[1]}@example.org>\nList-Unsubscribe: <https://x.example/?e=${encodeURIComponent(mark)}>\nContent-Type: text/html\n\n<p>${mark}</p>`,
			"c.csv": `email,note\n${planted[3]},"${mark}"\n`,
			"d.template.json": JSON.stringify({ TemplateName: "t", SubjectPart: mark, HtmlPart: `<p>${mark}</p>`, TextPart: mark }),
			"broken.template.json": `{ "${mark}`,
		}).catch((error: unknown) => error);
		// A template file that is none is the user's input; its message quotes nothing.
		expect(items).toBeInstanceOf(InputError);
		const text = JSON.stringify((items as InputError).problems);
		for (const one of planted.flatMap(encoded)) expect(text).not.toContain(one);
	});

	it("holds nothing of the text of files that can be read", async () => {
		const mark = planted.join(" ");
		const items = await seen({
			"a.html": `<div style="display:none">${mark}</div><p title="${mark}">SSN ${mark} {{ x | default: '${mark}' }}</p><img alt="${mark}" src="https://x.example/${encodeURIComponent(mark)}"><a href="https://x.example/?e=${Buffer.from(mark).toString("base64")}">x</a>`,
			"a.meta.yaml": `subject: ${JSON.stringify(`MRN ${mark} diabetes`)}\nfromName: ${JSON.stringify(mark)}\n`,
			"b.eml": `From: "${mark}" <news@example.org>\nSubject: =?utf-8?B?${Buffer.from(`SSN ${mark}`).toString("base64")}?=\nX-Note: ${mark}\nList-Unsubscribe: <https://x.example/?e=${encodeURIComponent(mark)}>\nContent-Type: text/html\n\n<p>${mark}</p>`,
			"c.csv": `email,note\n${planted[3]},"${mark}"\n`,
		});
		const documents = items.filter((item) => item.kind === "content.document");
		expect(documents.map((item) => item.status)).toEqual(["ok", "ok"]);
		for (const item of documents) expect((item.values as ContentDocument).hits.length).toBeGreaterThan(10);
		const text = JSON.stringify(items);
		for (const one of planted.flatMap(encoded)) expect(text).not.toContain(one);
	});

	it("numbers equal matches of one file alike", async () => {
		const [item] = await seen({ "a.html": "<p>SSN 219-09-9999</p><p>SSN 219-09-9999</p><p>SSN 219-09-9998</p>" });
		expect(
			documentOf(item)
				.hits.filter((hit) => hit.name === "ssn" && hit.position === "body_html")
				.map((hit) => [hit.line, hit.column, hit.length]),
		).toEqual([
			[1, 8, 11],
			[1, 30, 11],
			[1, 52, 11],
		]);
		const groups = documentOf(item)
			.hits.filter((hit) => hit.name === "ssn" && hit.position === "body_html")
			.map((hit) => hit.group);
		expect([groups[0] === groups[1], groups[0] === groups[2]]).toEqual([true, false]);
	});

	it("reads the header of an export and none of its rows", async () => {
		const [item] = await seen({ "list.csv": '\uFEFF"email";"visitNotes"\nsecret@patient.example;"x"\n' });
		expect(listOf(item).fields).toEqual([
			{ name: "email", class: "unknown", allowed: null, freeText: false },
			{ name: "visitNotes", class: "unknown", allowed: null, freeText: true },
		]);
	});

	it("follows the nearest fields.yaml and refuses one that is wrong, with its line", async () => {
		const items = await seen({ "fields.yaml": "schema: mailward/fields/v1\nfields: {a.b: phi}\n", "a.html": "<p>{{a.b}}</p>" });
		expect(documentOf(items[0]).tags.map((tag) => tag.class)).toEqual(["phi", "phi"]);
		await expect(seen({ "fields.yaml": "schema: mailward/fields/v1\nfields:\n  a.b: secret\n", "a.html": "<p></p>" })).rejects.toThrow(/a\.b/);
	});
});

describe("one file as the target", () => {
	it("is read with what belongs to it and lies beside it, which is not judged itself", async () => {
		const dir = await mkdtemp(join(root, "case-"));
		const files = {
			"a.html": "<p>{{x}}</p>",
			"a.meta.yaml": "subject: News\n",
			"a.txt": "{{x}}",
			"fields.yaml": "schema: mailward/fields/v1\nfields: {x: none}\n",
			"b.html": "<p>",
		};
		for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
		const context = { path: join(dir, "a.html"), now: () => "2026-11-24T09:00:00Z", signal: new AbortController().signal } as unknown as CollectContext;
		const items: Evidence[] = [];
		for await (const item of content.collect({ id: "t/a.html", type: "content" }, context)) if (item.kind !== "listing") items.push(item);
		expect(items.map(({ id }) => id)).toEqual(["t/a.html"]);
		expect(documentOf(items[0])).toMatchObject({ hasSubject: true, hasText: true, hasClasses: true });
		await writeFile(join(dir, "a.meta.yaml"), "subjct: News\n");
		await expect(content.collect({ id: "t/a.html", type: "content" }, context)[Symbol.asyncIterator]().next()).rejects.toThrow(
			/^t\/a\.meta\.yaml:1:\d+: .*did you mean subject/,
		);
	});
});

describe("a link within the folder", () => {
	it("is read by its own name, with what lies beside it", async () => {
		const dir = await mkdtemp(join(root, "case-"));
		for (const [name, text] of Object.entries({ page: "<p>{{x}}</p>", settings: "subject: News\n" })) await writeFile(join(dir, name), text);
		await symlink("page", join(dir, "a.html"));
		await symlink("settings", join(dir, "a.meta.yaml"));
		const context = { path: dir, now: () => "2026-11-24T09:00:00Z", signal: new AbortController().signal } as unknown as CollectContext;
		const items: Evidence[] = [];
		for await (const item of content.collect({ id: "t", type: "content" }, context)) items.push(item);
		expect(items[0]?.id).toBe("t/a.html");
		expect(documentOf(items[0])).toMatchObject({ hasSubject: true });
	});
});

describe("what lies beside one file", () => {
	it.each(["a.meta.yaml", "a.txt", "fields.yaml"])("is not followed out of its folder: %s", async (name) => {
		const dir = await mkdtemp(join(root, "case-"));
		await mkdir(join(dir, "t"));
		await writeFile(join(dir, "t", "a.html"), "<p>Hello</p>");
		await writeFile(join(dir, "elsewhere"), "subject: of another place\n");
		await symlink(join(dir, "elsewhere"), join(dir, "t", name));
		const context = { path: join(dir, "t", "a.html"), now: () => "2026-11-24T09:00:00Z", signal: new AbortController().signal } as unknown as CollectContext;
		const items: Evidence[] = [];
		for await (const item of content.collect({ id: "t/a.html", type: "content" }, context)) items.push(item);
		expect(items.map(({ kind, error }) => [kind, error?.code, error?.detail])).toEqual(Array(4).fill(["listing", "permission_denied", `t/${name}`]));
		// Where the link stays within, it is read.
		await rm(join(dir, "t", name));
		await writeFile(join(dir, "t", "inside"), name === "fields.yaml" ? "schema: mailward/fields/v1\nfields: {x: none}\n" : "subject: News\n");
		await symlink(join(dir, "t", "inside"), join(dir, "t", name));
		const within: Evidence[] = [];
		for await (const item of content.collect({ id: "t/a.html", type: "content" }, context)) within.push(item);
		expect(documentOf(within[0])).toMatchObject({ hasSubject: name === "a.meta.yaml", hasText: name === "a.txt", hasClasses: name === "fields.yaml" });
	});
});

describe("hostile content", () => {
	it("that is no file is not waited for", async () => {
		const dir = await mkdtemp(join(root, "case-"));
		execFileSync("mkfifo", [join(dir, "pipe.html")]);
		const context = { path: dir, now: () => "2026-11-24T09:00:00Z", signal: new AbortController().signal } as unknown as CollectContext;
		const items: Evidence[] = [];
		for await (const item of content.collect({ id: "t", type: "content" }, context)) items.push(item);
		expect(items[0]).toMatchObject({ id: "t/pipe.html", status: "error", error: { code: "malformed", message: "this is no regular file" } });
	});

	const codes = (items: Evidence[]): (string | undefined)[] => items.filter((item) => item.kind === "content.document").map((item) => item.error?.code);

	it("is bounded: deep and wide messages, large parts, wrong encodings", async () => {
		let deep = "Subject: x\r\n";
		for (let level = 0; level < 10_000; level += 1) deep += `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`;
		const wide = `Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${"--b\r\nContent-Disposition: attachment; filename=a.bin\r\n\r\nx\r\n".repeat(10_000)}--b--`;
		const large = `Subject: x\r\nContent-Type: text/plain\r\n\r\n${"x".repeat(2 * 1024 * 1024)}`;
		expect(codes(await seen({ "deep.eml": deep }))).toEqual(["too_large"]);
		expect(codes(await seen({ "wide.eml": wide }))).toEqual(["too_large"]);
		expect(codes(await seen({ "large.eml": large }))).toEqual(["too_large"]);
		expect(codes(await seen({ "a.html": Buffer.from([0x3c, 0xff, 0xfe]) }))).toEqual(["malformed"]);
		expect(codes(await seen({ "a.html": Buffer.alloc(2 * 1024 * 1024, 0x20) }))).toEqual(["too_large"]);
		expect(codes(await seen({ "empty.eml": "" }))).toEqual(["malformed"]);
		expect(codes(await seen({ "nested.html": "<div>".repeat(400) }))).toEqual([undefined]);
		expect(codes(await seen({ "nested.html": "<div>".repeat(50_000) }))).toEqual(["too_large"]);
		expect(codes(await seen({ "nested.html": `${"<div>".repeat(600)}MRN 00487213`, "nested.meta.yaml": "subject: News\n" }))).toEqual(["too_large"]);
	}, 60_000);

	it("ends a run over a folder that cannot be listed with an error in the listing", async () => {
		const context = { path: join(root, "absent"), now: () => "2026-11-24T09:00:00Z", signal: new AbortController().signal } as unknown as CollectContext;
		const items: Evidence[] = [];
		for await (const item of content.collect({ id: "t", type: "content" }, context)) items.push(item);
		expect(items.map((item) => [item.kind, item.error?.code])).toEqual([
			["listing", "evidence_missing"],
			["listing", "evidence_missing"],
			["listing", "evidence_missing"],
			["listing", "evidence_missing"],
		]);
	});
});
