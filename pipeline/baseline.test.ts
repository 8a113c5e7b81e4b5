import { appendFile, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, loadClinics, startLab } from "../lab/index.ts";
import { sha256Hex } from "../model/canonical.ts";
import { configSchema } from "../model/config.ts";
import type { ResultDocument } from "../model/result.ts";
import { InputError } from "../model/source.ts";
import { type Baseline, readBaseline } from "./baseline.ts";
import { collect } from "./collect.ts";
import { scanDomainList } from "./domain-list.ts";
import { evaluateBundle } from "./evaluate.ts";
import { themeOf, writeReports } from "./report.ts";

const include = ["dkim.keys_rotated", "dkim.key_published", "mta_sts.id_follows_policy"];
const domain = "exemplary.example";
let lab: Lab;
beforeAll(async () => {
	lab = await startLab(await loadClinics(), {});
});
afterAll(async () => lab.close());

/** A whole bundle of the clinic as of a day. */
async function scan(day: string, baseline?: Baseline): Promise<{ out: string; result: ResultDocument }> {
	const out = await mkdtemp(join(tmpdir(), "baseline-"));
	const config = configSchema.parse({ version: 1, domains: [{ name: domain, dkimSelectors: ["s1", "s2"] }], network: lab.network });
	const request = { domains: config.domains, plans: [], records: undefined, content: [], open: (path: string) => path };
	const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
	const now = () => new Date(`${day}T09:00:00Z`);
	const signal = new AbortController().signal;
	await collect({ config, request, out, profile: "hipaa", concurrency: 20, now, signal, progress: () => undefined, log, include, baseline });
	const result = await evaluateBundle({ dir: out, include });
	await writeReports(out, result, ["json"], await themeOf(out, result, (path) => path));
	return { out, result };
}

/** The same as a list, with a second domain from the second scan on. */
async function scanList(day: string, baseline?: Baseline): Promise<{ out: string; sha256: string; lines: ResultDocument[] }> {
	const out = await mkdtemp(join(tmpdir(), "baseline-list-"));
	const names = baseline === undefined ? [domain] : [domain, "neglected.example"];
	const config = configSchema.parse({ version: 1, domains: names.map((name) => ({ name, dkimSelectors: ["s1", "s2"] })), network: lab.network });
	const request = { domains: config.domains, plans: [], records: undefined, content: [], open: (path: string) => path };
	const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
	const now = () => new Date(`${day}T09:00:00Z`);
	const run = { config, request, out, profile: "hipaa", concurrency: 20, now, signal: new AbortController().signal, progress: () => undefined, log, baseline };
	const exitPolicy = { failOn: "low", requireAssessed: false } as const;
	await scanDomainList({ ...run, include, skip: [], accept: [], resume: false, fixedClock: now().toISOString(), exitPolicy });
	const text = await readFile(join(out, "results.jsonl"), "utf8");
	const lines = text.split("\n").slice(0, -1);
	return { out, sha256: sha256Hex(text), lines: lines.map((line) => JSON.parse(line) as ResultDocument) };
}

const read = (path: string, day = "2026-11-24") => readBaseline(path, { now: new Date(`${day}T09:00:00Z`), timeZone: "UTC" });
const of = (result: ResultDocument, check: string) => result.results.filter((one) => one.check === check);

describe("--baseline", () => {
	it("tells the age of keys by the first scan that saw them, and carries that on from scan to scan", { timeout: 60_000 }, async () => {
		const first = await scan("2026-03-01");
		expect(of(first.result, "dkim.keys_rotated").map((one) => one.reason?.code)).toContain("input_not_supplied");
		const second = await scan("2026-06-01", await read(first.out));
		expect(second.result.run.baseline).toMatchObject({ source: first.out, asOf: "2026-03-01T09:00:00.000Z", verified: true });
		expect(new Set(of(second.result, "dkim.keys_rotated").map((one) => one.status))).toEqual(new Set(["pass"]));
		expect(of(second.result, "mta_sts.id_follows_policy").map((one) => one.status)).toEqual(["pass"]);
		const third = await scan("2026-11-24", await read(second.out));
		expect(new Set(of(third.result, "dkim.keys_rotated").map((one) => one.status))).toEqual(new Set(["fail"]));
		// The state that lasted keeps its first day; the one that changed tells of those before.
		expect(of(third.result, "dkim.key_published")[0]).toMatchObject({ status: "pass", firstSeen: "2026-03-01T09:00:00.000Z", history: [] });
		expect(of(third.result, "dkim.keys_rotated")[0]).toMatchObject({
			firstSeen: "2026-11-24T09:00:00.000Z",
			history: [
				{ state: "not_assessed", firstSeen: "2026-03-01T09:00:00.000Z", lastSeen: "2026-03-01T09:00:00.000Z" },
				{ state: "pass", firstSeen: "2026-06-01T09:00:00.000Z", lastSeen: "2026-06-01T09:00:00.000Z" },
			],
		});
		// All of it is evidence: judged again from the bundle alone it is the same.
		expect(await evaluateBundle({ dir: third.out, include })).toEqual(third.result);

		const bare = await read(join(first.out, "result.json"));
		expect(bare.run.verified).toBe(false);
		const fromFile = await scan("2026-06-01", bare);
		expect(of(fromFile.result, "dkim.key_published")[0]?.firstSeen).toBe("2026-03-01T09:00:00.000Z");
		expect(of(fromFile.result, "dkim.keys_rotated").map((one) => one.reason?.code)).toContain("input_not_supplied");

		await expect(read(first.out, "2026-02-01")).rejects.toThrow(/is later than this run/);
		await appendFile(join(first.out, "evidence", "dns.txt.jsonl"), "{}\n");
		await expect(read(first.out)).rejects.toThrow(/dns\.txt\.jsonl.*is not taken as --baseline/s);
	});

	it("goes with a list of domains, and takes one: each domain finds its earlier scan", { timeout: 60_000 }, async () => {
		const first = await scanList("2026-03-01");
		const second = await scanList("2026-06-01", await read(first.out));
		const [line] = second.lines;
		expect(line?.run.baseline).toEqual({ source: first.out, sha256: first.sha256, asOf: "2026-03-01T09:00:00.000Z", verified: false });
		if (line === undefined) throw new Error("the list has no line");
		expect(of(line, "dkim.key_published")[0]).toMatchObject({ status: "pass", firstSeen: "2026-03-01T09:00:00.000Z", history: [] });
		expect(new Set(of(line, "dkim.keys_rotated").map((one) => one.status))).toEqual(new Set(["pass"]));
		// A domain that was not in the earlier list is as in a first scan.
		expect(second.lines[1]?.results.every(({ firstSeen }) => firstSeen === "2026-06-01T09:00:00.000Z")).toBe(true);
		expect((await evaluateBundle({ dir: second.out, include })).results).toEqual(second.lines.flatMap(({ results }) => results));

		// A list is a baseline of one scan, and a scan one of a list.
		const third = await scan("2026-11-24", await read(second.out));
		expect(new Set(of(third.result, "dkim.keys_rotated").map((one) => one.status))).toEqual(new Set(["fail"]));
		const fourth = await scanList("2026-11-25", await read(third.out, "2026-11-25"));
		expect(of(fourth.lines[0] ?? third.result, "dkim.keys_rotated")[0]).toMatchObject({ firstSeen: "2026-11-24T09:00:00.000Z" });
		expect(fourth.lines[0]?.run.baseline).toMatchObject({ verified: true });

		await expect(read(second.out, "2026-05-01")).rejects.toThrow(/is later than this run/);
		await appendFile(join(second.out, "results.jsonl"), '{"schema": "other/v1"}\n');
		await expect(read(second.out)).rejects.toThrow(/results\.jsonl:3:1: error schema: not a result of a known version/);
		await writeFile(join(second.out, "results.jsonl"), "");
		await expect(read(second.out)).rejects.toThrow(/holds no result/);
		await appendFile(join(first.out, "evidence", "dns.txt.jsonl"), "{}\n");
		await expect(read(first.out)).rejects.toThrow(/dns\.txt\.jsonl.*was changed after it was collected/s);
	});

	it("refuses what is no bundle and no result, naming it", async () => {
		const folder = await mkdtemp(join(tmpdir(), "baseline-"));
		await expect(read(folder)).rejects.toThrow(InputError);
		await expect(read(join(folder, "none"))).rejects.toThrow(/--baseline takes a bundle or a result\.json/);
		await writeFile(join(folder, "result.json"), '{"schema": "other/v1"}');
		await expect(read(join(folder, "result.json"))).rejects.toThrow(/not a result of a known version/);
		expect(await readFile(join(folder, "result.json"), "utf8")).toContain("other/v1");
	});
});
