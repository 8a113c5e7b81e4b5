import { chmod, mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { evidenceLine } from "../../../model/canonical.ts";
import { defaultConfig } from "../../../model/config.ts";
import { type Evidence, evidenceSchema } from "../../../model/evidence.ts";
import { dmarcXml, mailWith, tlsJson, zipOf } from "../../protocols/mail-reports/testing/report-builders.ts";
import type { CollectContext } from "../collector.ts";
import mailReports from "./index.ts";
import { dmarcReportSchema, tlsReportSchema } from "./schema.ts";

const refused = (): never => {
	throw new Error("reports need no network");
};

function contextOf(path: string, signal = new AbortController().signal): CollectContext {
	return {
		config: defaultConfig,
		path,
		domain: () => undefined,
		resolver: { resolve: refused },
		connector: { network: defaultConfig.network, extraRoots: [], connect: refused },
		now: () => "2026-11-24T10:00:00Z",
		signal,
		limit: (_key, _perKey, work) => work(),
		log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
	};
}

async function collect(path: string, id = "reports/", signal?: AbortSignal): Promise<Evidence[]> {
	const items: Evidence[] = [];
	for await (const item of mailReports.collect({ id, type: "reports" }, contextOf(path, signal))) items.push(item);
	return items;
}

async function folderWith(files: Record<string, string | Buffer>): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "reports-"));
	for (const [name, data] of Object.entries(files)) {
		await mkdir(dirname(join(folder, name)), { recursive: true });
		await writeFile(join(folder, name), data);
	}
	return folder;
}

const xml = Buffer.from(dmarcXml([{ count: 3 }, { count: 4, dkim: "fail", spf: "fail" }]));
const told = (items: readonly Evidence[]) => items.map((item) => [item.kind, item.id, item.status]);

describe("the reports collector", () => {
	it("yields an item for each report of a folder, and one listing for each kind, in canonical form", async () => {
		const folder = await folderWith({
			"b/t.json.gz": gzipSync(tlsJson()),
			"a.xml": xml,
			"c.zip": zipOf([
				{ name: "1", data: xml },
				{ name: "2", data: Buffer.from(tlsJson()) },
			]),
			".DS_Store": "x",
		});
		const items = await collect(folder);
		for (const item of items) expect(() => evidenceLine(evidenceSchema.parse(item))).not.toThrow();
		expect(told(items)).toEqual([
			["report.dmarc", "reports/a.xml", "ok"],
			["report.tls", "reports/b/t.json.gz", "ok"],
			["report.dmarc", "reports/c.zip", "ok"],
			["report.tls", "reports/c.zip#2", "ok"],
			["listing", "report.dmarc@reports/", "ok"],
			["listing", "report.tls@reports/", "ok"],
		]);
		for (const item of items) {
			if (item.kind === "report.dmarc") expect(dmarcReportSchema.strict().parse(item.values)).toMatchObject({ domain: "example.org", messages: 7 });
			if (item.kind === "report.tls") expect(tlsReportSchema.strict().parse(item.values)).toMatchObject({ successful: 5 });
		}
		expect(items.at(-2)?.values).toEqual({ kind: "report.dmarc", target: "reports/", count: 2, complete: true });
	});

	it("takes a single file by the name that the user gave it", async () => {
		const folder = await folderWith({ "mail.eml": mailWith([{ type: "application/gzip", data: gzipSync(xml) }]) });
		expect(told(await collect(join(folder, "mail.eml"), "in/mail.eml"))[0]).toEqual(["report.dmarc", "in/mail.eml", "ok"]);
	});

	it("yields errors for what it cannot read, of both kinds where it cannot tell which", async () => {
		const folder = await folderWith({ "a.xml": "<feedback>", "b.json": "{", "c.txt": "a note" });
		const items = await collect(folder);
		expect(items.slice(0, 4).map((item) => [item.kind, item.id, item.error?.code, item.error?.detail])).toEqual([
			["report.dmarc", "reports/a.xml", "malformed", "reports/a.xml"],
			["report.tls", "reports/b.json", "malformed", "reports/b.json"],
			["report.dmarc", "reports/c.txt", "malformed", "reports/c.txt"],
			["report.tls", "reports/c.txt", "malformed", "reports/c.txt"],
		]);
		expect(items.at(-1)?.values).toMatchObject({ count: 2, complete: true });
	});

	it("keeps no text of a mail and no address", async () => {
		const folder = await folderWith({ "m.eml": mailWith([{ type: "application/gzip", data: gzipSync(xml) }], { text: "Dear Jane, your result is here." }) });
		const text = JSON.stringify(await collect(folder));
		expect(text).not.toMatch(/Jane|receiver\.example/);
	});

	it("shows no file name that looks like a patient's identifier", async () => {
		const folder = await folderWith({ "123-45-6789.xml": xml });
		const items = await collect(folder);
		expect(items[0]).toMatchObject({ status: "ok", id: expect.stringMatching(/^reports\/file-[0-9a-f]{12}$/) });
		expect(JSON.stringify(items)).not.toContain("123-45-6789");
	});

	it("says that nothing was listed where links lead out of the folder or the folder is not there", async () => {
		const folder = await folderWith({ "a.xml": xml });
		await symlink("/etc/hostname", join(folder, "z"));
		for (const items of [await collect(folder), await collect(join(folder, "none"))]) {
			expect(told(items)).toEqual([
				["listing", "report.dmarc@reports/", "error"],
				["listing", "report.tls@reports/", "error"],
			]);
		}
	});

	it("says of a file without permission that it was not read", async (context) => {
		if (process.getuid?.() === 0) {
			console.log("skipped: root may read every file");
			context.skip();
		}
		const folder = await folderWith({ "a.xml": xml });
		await chmod(join(folder, "a.xml"), 0);
		expect((await collect(folder))[0]?.error?.code).toBe("permission_denied");
	});

	it("lists nothing once it was stopped", async () => {
		const folder = await folderWith({ "a.xml": xml });
		expect(await collect(folder, "reports/", AbortSignal.abort())).toEqual([]);
	});

	it("lists none for an empty folder", async () => {
		expect((await collect(await folderWith({}))).map((item) => item.values)).toMatchObject([
			{ count: 0, complete: true },
			{ count: 0, complete: true },
		]);
	});
});
