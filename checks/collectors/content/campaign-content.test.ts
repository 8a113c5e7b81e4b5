import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "../../../model/canonical.ts";
import type { Evidence } from "../../../model/evidence.ts";
import type { CollectContext } from "../collector.ts";
import content from "./index.ts";
import { readMetrics } from "./read-metrics.ts";
import { type ContentDocument, contentListSchema, documentSchema } from "./schema.ts";

async function seen(files: Record<string, string>): Promise<Evidence[]> {
	const dir = await mkdtemp(join(tmpdir(), "mailward-campaign-"));
	try {
		for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
		const context = { path: dir, now: () => "2026-11-24T09:00:00Z", signal: new AbortController().signal } as unknown as CollectContext;
		const items: Evidence[] = [];
		for await (const item of content.collect({ id: "t", type: "content" }, context)) items.push(item);
		return items;
	} finally {
		await rm(dir, { recursive: true, force: true });
	}
}
const documentOf = async (files: Record<string, string>): Promise<ContentDocument> => {
	const items = await seen(files);
	return documentSchema.parse(items.find((item) => item.kind === "content.document")?.values);
};
const signature = (d: string, h: string) => `v=1; a=rsa-sha256; d=${d}; s=s1;\r\n h=${h};\r\n bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=dGVzdA==`;

describe("what a message says of its sender", () => {
	it("is read from its headers, folded ones too", async () => {
		const { headers } = await documentOf({
			"a.eml": `Return-Path: <b@bounce.example.com>\r\nDKIM-Signature: ${signature("mail.example.org", "From:Subject:List-Unsubscribe:\r\n List-Unsubscribe-Post")}\r\nFrom: "No" <no-reply@news.example.org>\r\nSubject: x\r\nList-Unsubscribe: <mailto:a@example.org>,\r\n <https://example.org/u/1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nx`,
		});
		expect(headers).toEqual({
			from: "news.example.org",
			mailFrom: "bounce.example.com",
			aligned: true,
			noReply: true,
			listUnsubscribe: { present: true, https: true, mailto: true },
			oneClick: true,
			unsubscribeSigned: true,
		});
	});

	it("says nothing where it says nothing", async () => {
		const { headers } = await documentOf({ "a.eml": "Subject: x\r\n\r\nx" });
		expect(headers).toEqual({
			from: null,
			mailFrom: null,
			aligned: false,
			noReply: false,
			listUnsubscribe: { present: false, https: false, mailto: false },
			oneClick: null,
			unsubscribeSigned: false,
		});
	});
});

describe("what belongs to a campaign", () => {
	it("is joined by name and by the hash of the template, and not by that of a message", async () => {
		const text = "<p>Hello</p>";
		const template = await documentOf({ "a.html": text, "a.meta.yaml": "campaign: spring\nconfigurationSet: news\n" });
		expect([template.campaign, template.configurationSet, template.sha256]).toEqual(["spring", "news", sha256Hex(text)]);
		const message = await documentOf({ "a.eml": "Subject: x\r\n\r\nx", "a.meta.yaml": "campaign: spring\n" });
		expect([message.campaign, message.sha256]).toEqual(["spring", null]);
	});

	it("names the segments that a segment asks for", async () => {
		const items = await seen({
			"a.segment.yaml": "schema: mailward/segment/v1\nname: A\nwhere: {any: [{segment: b}, {not: {segment: c}}, {field: x}]}\n",
		});
		const list = contentListSchema.parse(items.find((item) => item.kind === "content.list")?.values);
		expect([list.ref, list.segments, list.fields.map((field) => field.name)]).toEqual(["a", ["b", "c"], ["x"]]);
	});

	it("is not told of a segment that nests deeper than is read", async () => {
		const nested = (depth: number) => `schema: mailward/segment/v1\nname: A\nwhere: ${"{not: ".repeat(depth)}{field: patient.diagnosis}${"}".repeat(depth)}\n`;
		const [readable] = await seen({ "a.segment.yaml": nested(40) });
		expect(contentListSchema.parse(readable?.values).fields.map((field) => field.name)).toEqual(["patient.diagnosis"]);
		const [deep] = await seen({ "a.segment.yaml": nested(80) });
		expect([deep?.status, deep?.error?.code]).toEqual(["error", "too_large"]);
	});

	it("keeps a recorded opt-out page, and refuses one that is wrong with its line", async () => {
		const page = "schema: mailward/opt-out-page/v1\nfor: [example.org]\nrecordedOn: 2026-11-01\nby: privacy official\npages: 1\nlogin: false\nfee: false\n";
		const items = await seen({ "a.opt-out.yaml": page });
		expect(items.find((item) => item.kind === "content.opt_out_page")?.values).toMatchObject({ for: ["example.org"], pages: 1 });
		await expect(seen({ "a.opt-out.yaml": page.replace("login: false", "login: maybe") })).rejects.toThrow(/login/);
	});
});

describe("metrics", () => {
	it("tells small counts by place and class, and those that a total gives away", () => {
		expect(readMetrics("group,sent,opened\nNorth,120,4\nSouth,*,31\nTotal,125,35\n").small).toEqual([
			{ row: 4, column: 2, from: 5, how: "subtraction" },
			{ row: 2, column: 3, from: 1, how: "cell" },
			{ row: 3, column: 3, from: 30, how: "cell" },
			{ row: 4, column: 3, from: 30, how: "cell" },
		]);
	});

	it("reads quotes, thousands, semicolons and a byte-order mark", () => {
		expect(readMetrics('\uFEFFg;n\r\n"a;""b""";"1,204"\r\nb;7\r\n').small).toEqual([{ row: 3, column: 2, from: 5, how: "cell" }]);
	});

	it("says when a table is too large to be read whole", () => {
		expect(readMetrics(`g,n\n${"a,50\n".repeat(20_000)}`).complete).toBe(false);
		expect(readMetrics(`g${",50".repeat(500)}\n`).complete).toBe(false);
	});

	it("takes any text", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
				for (const cell of readMetrics(text).small) expect(cell.from).toBeGreaterThan(0);
			}),
		);
	});
});
