import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configSchema } from "../model/config.ts";
import { formatProblem, InputError } from "../model/source.ts";
import { writers } from "../reports/index.ts";
import { content, leaks, mark, planted } from "../test/support/planted.ts";
import { collect } from "./collect.ts";
import { evaluateBundle } from "./evaluate.ts";
import { lintContent } from "./lint.ts";
import { themeOf, writeReports } from "./report.ts";

const root = mkdtempSync(join(tmpdir(), "mailward-no-leak-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const event = (subject: object): string =>
	JSON.stringify({
		eventType: "Send",
		mail: { timestamp: "2026-11-02T15:00:00Z", destination: [planted[3]], commonHeaders: { subject: mark }, tags: { campaign: ["camp-1"], ...subject } },
	});
const campaign = `schema: mailward/campaign/v1\nrecords:\n- {id: camp-1, createdOn: 2026-09-01, owner: {name: Privacy Official, role: Privacy Official}, title: Newsletter, class: marketing, remuneration: {fromThirdParty: false}}\n`;

const heard: string[] = [];
const out = join(root, "bundle");

beforeAll(async () => {
	for (const folder of ["content", "records", "sends", "bundle"]) mkdirSync(join(root, folder));
	for (const [name, text] of Object.entries(content)) writeFileSync(join(root, "content", name), text);
	writeFileSync(join(root, "content", "latin.html"), Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(mark)]));
	writeFileSync(join(root, "records", "campaigns.yaml"), campaign);
	writeFileSync(join(root, "sends", "a.jsonl"), [event({}), event({ subjectRef: [mark] })].join("\n"));
	writeFileSync(join(root, "sends", "b.jsonl.gz"), gzipSync(`${event({})}\n${mark}\n`));
	const config = configSchema.parse({ version: 1, sends: { paths: ["sends"], sample: { seed: "s" } } });
	const open = (path: string): string => join(root, path);
	const request = { domains: [], plans: [], records: "records", content: ["content"], open };
	const hear = (...said: unknown[]): void => {
		heard.push(JSON.stringify(said));
	};
	const log = { debug: hear, info: hear, warn: hear };
	const now = (): Date => new Date("2026-11-24T09:00:00Z");
	const signal = new AbortController().signal;
	await collect({ config, request, out, profile: "hipaa", concurrency: 4, now, signal, progress: hear, log });
	const result = await evaluateBundle({ dir: out });
	await writeReports(out, result, Object.keys(writers), await themeOf(out, result, open));
});

function filesBelow(dir: string): string[] {
	return readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []));
}

describe("of what was planted in templates, messages, lists and sends", () => {
	it("the search finds each in every notation", () => {
		for (const one of planted) {
			expect(leaks(`x${Buffer.from(`ab ${one} cd`).toString("base64")}`)).not.toEqual([]);
			expect(leaks(JSON.stringify({ a: one }))).not.toEqual([]);
			expect(leaks(encodeURIComponent(`?${one}`))).not.toEqual([]);
		}
	});

	it("was read: the rules fire on it", () => {
		const csv = readFileSync(join(out, "result.json"), "utf8");
		for (const check of ["content.subject_identifier_free", "content.subject_health_neutral", "content.carriers_neutral", "content.link_tokens_opaque"])
			expect(csv).toContain(check);
	});

	it("nothing stands in the bundle: evidence, result, every report", () => {
		const files = filesBelow(out);
		for (const format of Object.keys(writers)) expect(files.length, format).toBeGreaterThan(Object.keys(writers).length);
		for (const file of files) expect([file, ...leaks(readFileSync(file).toString("latin1"))]).toEqual([file]);
	});

	it("nothing is said to the log or of the progress", () => {
		expect(heard).not.toEqual([]);
		expect(leaks(heard.join("\n"))).toEqual([]);
	});

	it.each<[string, string, string]>([
		["fields.yaml", "content", `schema: mailward/fields/v1\nfields: {"${mark}": "${mark}"}\n`],
		["a.meta.yaml", "content", `subject: "${mark}\n`],
		["x.list.yaml", "content", `schema: mailward/list/v1\nname: "${mark}"\n"${mark}": 1\n`],
		["x.segment.yaml", "content", `schema: mailward/segment/v1\nname: n\nwhere: {field: ["${mark}"]}\n`],
		["x.opt-out.yaml", "content", `schema: mailward/opt-out-page/v1\nfor: "${mark}"\n`],
		["x.template.json", "content", `{"SubjectPart": ["${mark}"]}`],
		["x.yaml", "records", `schema: mailward/baa/v1\nrecords: [{id: "${mark}", notes: "${mark}", "${mark}": 1}]\n`],
		["x.jsonl", "records", `{"schema": "mailward/opt-out/v1"}\n{"subjectRef": "${mark}"}\n`],
	])("nothing is said of a wrong %s in %s", async (name, folder, text) => {
		const dir = mkdtempSync(join(root, "wrong-"));
		for (const one of ["content", "records"]) mkdirSync(join(dir, one));
		writeFileSync(join(dir, "content", "a.html"), "<p>Hello</p>");
		writeFileSync(join(dir, folder, name), text);
		const failed: unknown = await lintContent({
			paths: ["content"],
			records: "records",
			open: (path) => join(dir, path),
			signal: new AbortController().signal,
		}).catch((error: unknown) => error);
		expect(failed).toBeInstanceOf(InputError);
		const said = `${(failed as InputError).message}\n${(failed as InputError).problems.map(formatProblem).join("\n")}\n${(failed as InputError).stack}`;
		expect([said.includes(name), ...leaks(said)]).toEqual([true]);
	});
});
