import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configSchema } from "../model/config.ts";
import { formatProblem, InputError } from "../model/source.ts";
import { writers } from "../reports/index.ts";
import { collect } from "./collect.ts";
import { evaluateBundle } from "./evaluate.ts";
import { lintContent } from "./lint.ts";
import { themeOf, writeReports } from "./report.ts";

/** What no output may hold, in any form: identifiers of a patient, an address, words of a message, a name. */
const planted = ["219-09-9999", "MRN 00487213", "1EG4-TE5-MK73", "jane.roe@patient.example", "312-555-0134", "Zzyzx Querious", "480 Wistful Hollow Rd"];

/** A text as it stands in other notations. Of base64 what is the same wherever in a longer text it stands. */
function forms(text: string): string[] {
	const octets = Buffer.from(text);
	const base64 = [0, 1, 2].map((lead) =>
		Buffer.concat([Buffer.alloc(lead, 0x20), octets])
			.toString("base64")
			.replace(/=+$/, "")
			.slice(4, -4),
	);
	const each = (write: (code: number) => string): string => [...octets].map(write).join("");
	return [
		text,
		text.toUpperCase(),
		text.toLowerCase(),
		encodeURIComponent(text),
		octets.toString("hex"),
		...base64,
		...base64.map((one) => one.replaceAll("+", "-").replaceAll("/", "_")),
		text.replaceAll(/[^A-Za-z0-9]/g, (one) => `=${one.charCodeAt(0).toString(16).toUpperCase()}`),
		text.replaceAll(/[^A-Za-z0-9]/g, (one) => `&#${one.charCodeAt(0)};`),
		text.replaceAll(/[^A-Za-z0-9]/g, (one) => `&#x${one.charCodeAt(0).toString(16)};`),
		each((code) => `\\u00${code.toString(16)}`),
		[...text].reverse().join(""),
	].filter((one) => one.length >= 6);
}
const forbidden = [...new Set(planted.flatMap(forms))];

/** Which of the forms a text holds, case left aside. */
const leaks = (text: string): string[] => {
	const low = text.toLowerCase();
	return forbidden.filter((one) => low.includes(one.toLowerCase()));
};

const root = mkdtempSync(join(tmpdir(), "mailward-no-leak-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const mark = planted.join(" ");
const base64 = Buffer.from(mark).toString("base64");
const content: Record<string, string> = {
	"a.html": `<div style="display:none">${mark}</div><p title="${mark}">SSN ${mark} {{ x | default: '${mark}' }}</p><img alt="${mark}" src="https://x.example/${encodeURIComponent(mark)}"><a href="https://x.example/?e=${base64}&u=${Buffer.from(mark).toString("hex")}">unsubscribe</a><script>${mark}</script><p>${[...mark].map((one) => `&#${one.charCodeAt(0)};`).join("")}</p>`,
	"a.meta.yaml": `subject: ${JSON.stringify(`diabetes ${mark}`)}\nfromName: ${JSON.stringify(mark)}\ntags: {a: ${JSON.stringify(mark)}}\n`,
	"a.txt": mark,
	"b.eml": `Return-Path: <${planted[3]}>\nReceived: from host (${mark}) by mx.example.net\nFrom: "${mark}" <${planted[3]}>\nTo: ${planted[3]}\nSubject: =?utf-8?B?${base64}?=\nX-Note: ${mark}\nList-Unsubscribe: <https://x.example/?e=${encodeURIComponent(mark)}>\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${Buffer.from(`<p>${mark}</p>`).toString("base64")}\n`,
	"broken.eml": `${mark}\n`,
	"c.csv": `email,note\n${planted[3]},"${mark}"\n`,
	"c.metrics.csv": `"${mark}",Sent\n"${mark}",3\n`,
	"d.template.json": JSON.stringify({ TemplateName: "t", SubjectPart: mark, HtmlPart: `<p>${mark}</p>`, TextPart: mark }),
	"latin.html": "\ufffd",
};
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
