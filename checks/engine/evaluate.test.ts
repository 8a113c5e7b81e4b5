import { describe, expect, it } from "vitest";
import { defaultConfig, type Judgement } from "../../model/config.ts";
import { type Evidence, type EvidenceManifest, evidenceManifestSchemaId, type Target } from "../../model/evidence.ts";
import { type ResultDocument, resultDocumentSchema } from "../../model/result.ts";
import type { Control } from "../frameworks/frameworks.ts";
import { type EvaluateOptions, evaluate, fingerprintOf } from "./evaluate.ts";
import { createSupply } from "./selection.ts";
import { checkMetadata, hostOf, item, planTarget, storeOf, unreadable } from "./testing/engine.ts";

const records: Target = { id: "records/", type: "records" };
const supply = createSupply(
	[
		{ target: "plan", produces: ["thing"] },
		{ target: "records", produces: ["record.waiver", "record.attestation"] },
	],
	[],
);
const control = (id: string, over: Partial<Control> = {}): Control => ({
	id,
	family: "technical",
	title: id,
	citations: [`45 CFR 164.${id}`],
	implementation: "required",
	status: "in-force",
	nist80053: [],
	soc2: [],
	provenBy: ["plan"],
	severity: "high",
	evidence: "e",
	basis: "confirmed",
	...over,
});
const controls = [
	control("TEC-01"),
	control("TEC-02", { status: "proposed" }),
	control("ADM-01", { provenBy: ["attestation"] }),
	control("ADM-02", { provenBy: ["aws"] }),
];
const onRecords = { source: { collector: "records", version: "1", call: "c", target: records.id } };
const check = checkMetadata({
	id: "area.on",
	controls: ["TEC-01"],
	citations: ["RFC 1"],
	parameters: { days: { default: 3, stricter: "higher", description: "d" } },
});
const proposed = checkMetadata({ id: "area.proposed", controls: ["TEC-02"] });
/** Things are in scope; those whose value `on` is not true are denied. */
const host = hostOf((input) => {
	const things = (input.evidence.thing ?? []) as { _id: string; on?: unknown }[];
	return {
		resources: things.map((one) => one._id),
		deny: things.filter((one) => one.on !== true).map((one) => ({ resource: one._id, path: "on", message: "off" })),
	};
});

async function run(items: Evidence[], over: Partial<EvaluateOptions> & { settings?: Partial<Judgement>; targets?: Target[] } = {}): Promise<ResultDocument> {
	const targets = over.targets ?? [planTarget, records];
	const judgement = { ...{ entity: defaultConfig.entity, parameters: {}, accept: [], report: defaultConfig.report }, ...over.settings };
	const time = "2026-03-01T00:00:00Z";
	const manifest: EvidenceManifest = {
		schema: evidenceManifestSchemaId,
		run: { tool: { name: "mailward", version: "0.1.0" }, startedAt: time, endedAt: time, asOf: time, caller: null, vantage: {}, interrupted: false },
		profile: "hipaa",
		configSha256: "c",
		judgement,
		targets,
		notRequested: [],
		deniedCalls: [],
		files: [],
	};
	return evaluate({
		manifest,
		judgement,
		store: storeOf(items, ["thing", "record.waiver", "record.attestation"], targets),
		checks: [check, proposed],
		framework: { profile: "hipaa", asOf: "2026-01-01", controls },
		supply,
		host,
		policySha256: "p",
		accountWideKinds: new Set(),
		asOf: new Date(time),
		include: [],
		skip: [],
		accept: [],
		...over,
	});
}

const things = [item("thing", "b", { on: true }), item("thing", "a", { on: false })];
const waiver = item(
	"record.waiver",
	"w1",
	{ id: "w1", scope: { checks: ["area.on"], resources: ["a"] }, approvedOn: "2026-01-01", expiresOn: "2026-12-01" },
	onRecords,
);
const attestation = item(
	"record.attestation",
	"t1",
	{ id: "t1", controls: ["ADM-01"], outcome: "met", performedOn: "2026-01-01", validUntil: "2026-12-01" },
	onRecords,
);
const brief = (result: ResultDocument) => result.results.map((one) => `${one.check} ${one.resource} ${one.state}`);
const stateOfControl = (result: ResultDocument, id: string) => result.controls.find((one) => one.id === id)?.state;

describe("evaluate", () => {
	it("gives a valid document: results by target, check and resource, each with the evidence it rests on", async () => {
		const result = await run(things);
		expect(resultDocumentSchema.safeParse(result).error).toBeUndefined();
		expect(brief(result)).toEqual(["area.on a fail", "area.on b pass", "area.proposed a fail", "area.proposed b pass"]);
		const [failed] = result.results;
		expect(failed).toMatchObject({
			citations: ["45 CFR 164.TEC-01", "RFC 1"],
			observed: false,
			expected: "on",
			target: "plan.json",
			firstSeen: "2026-03-01T00:00:00.000Z",
		});
		expect(failed?.evidence).toHaveLength(1);
		expect(result.evidence.map((one) => [one.kind, one.id])).toEqual([
			["thing", "a"],
			["thing", "b"],
		]);
	});

	it("selects by globs, and leaves out what no given target supplies", async () => {
		expect(brief(await run(things, { include: ["area.*"], skip: ["*.proposed"] }))).toEqual(["area.on a fail", "area.on b pass"]);
		expect(brief(await run(things, { include: ["other.*"] }))).toEqual([]);
		expect(brief(await run([], { targets: [records] }))).toEqual([]);
	});

	it("counts proposed rules in no total", async () => {
		const { totals } = await run(things);
		expect(totals.results).toMatchObject({ fail: 1, pass: 1 });
		expect(totals.controls).toMatchObject({ fail: 1 });
	});

	it("rolls results up to controls: the worst state, and what nobody looked at", async () => {
		const result = await run([...things, attestation]);
		expect(stateOfControl(result, "TEC-01")).toBe("fail");
		expect(stateOfControl(result, "ADM-01")).toBe("attested");
		expect(stateOfControl(await run(things), "ADM-01")).toBe("manual_pending");
		expect(stateOfControl(await run([item("thing", "b", { on: true })]), "TEC-01")).toBe("pass");
	});

	it("keeps the raw status beside what people decided", async () => {
		const result = await run([...things, waiver]);
		expect(result.results[0]).toMatchObject({ resource: "a", status: "fail", state: "exception", disposition: "waived", waiver: "w1" });
		expect(result.results[1]).toMatchObject({ resource: "b", status: "pass", disposition: "none" });
	});

	it("shows a looser threshold and does not apply it", async () => {
		const seen: unknown[] = [];
		const listening = hostOf((input) => {
			seen.push(input.parameters);
			return { resources: [] };
		});
		const result = await run(things, { host: listening, include: ["area.on"], settings: { parameters: { "area.on": { days: 1 } } } });
		expect(seen).toEqual([{ days: 3 }]);
		expect(result.parameters).toEqual([{ check: "area.on", name: "days", value: 1, default: 3, standing: "looser" }]);
	});

	it("is complete unless something was not looked at that nobody chose or accepted", async () => {
		const gap = [item("thing", "b", { on: true }), unreadable("thing", "c")];
		expect((await run(things)).run.complete).toBe(true);
		expect((await run(gap)).run.complete).toBe(false);
		expect((await run(gap, { accept: ["permission_denied"] })).run.complete).toBe(true);
		const until = (day: string) => run(gap, { settings: { accept: [{ code: "permission_denied", why: "w", by: "b", until: day }] } });
		expect([(await until("2026-03-01")).run.complete, (await until("2026-02-28")).run.complete]).toEqual([true, false]);
	});

	it("keeps the first day of a state that lasts, also across a gap, and the states before it", async () => {
		const id = fingerprintOf(check, "plan.json", "a");
		const [day1, day2, day3] = ["2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z", "2025-03-01T00:00:00Z"] as const;
		const judged = async (values: unknown) => (await run([...things, item("baseline.result", id, values)])).results[0];
		expect((await run(things)).results[0]).not.toHaveProperty("history");
		expect(await judged({ state: "fail", firstSeen: day1, lastSeen: day2, history: [] })).toMatchObject({ id, firstSeen: day1, history: [] });
		const passed = { state: "pass", firstSeen: day1, lastSeen: day2 };
		expect(await judged({ ...passed, history: [] })).toMatchObject({ firstSeen: "2026-03-01T00:00:00.000Z", history: [passed] });
		const failed = { state: "fail", firstSeen: day1, lastSeen: day1 };
		const unseen = { state: "not_assessed", firstSeen: day2, lastSeen: day3 };
		expect(await judged({ ...unseen, history: [failed] })).toMatchObject({ firstSeen: day1, history: [failed, unseen] });
		expect(await judged({ ...unseen, history: [passed] })).toMatchObject({ firstSeen: "2026-03-01T00:00:00.000Z" });
		expect((await judged({ ...passed, history: Array.from({ length: 60 }, () => failed) }))?.history).toHaveLength(50);
		expect(await judged({ state: "nonsense" })).not.toHaveProperty("history");
	});

	it("keeps a fingerprint through a rename", () => {
		const id = fingerprintOf(check, "plan.json", "a");
		expect(fingerprintOf({ ...check, id: "area.renamed", aliases: ["area.on", "area.later"] }, "plan.json", "a")).toBe(id);
		expect(new Set([id, fingerprintOf(check, "plan.json", "b"), fingerprintOf(check, "other.json", "a"), fingerprintOf(proposed, "plan.json", "a")]).size).toBe(
			4,
		);
	});

	it("gives the same bytes for the same evidence, in whatever order it comes", async () => {
		expect(JSON.stringify(await run([...things].reverse()))).toBe(JSON.stringify(await run(things)));
	});

	describe("MX addresses that nobody could learn", () => {
		const domain: Target = { id: "clinic.example", type: "domain" };
		const mx: Target = { id: "mx1.clinic.example|192.0.2.10|25", type: "mx", domains: [domain.id] };
		const mailSupply = createSupply(
			[
				{ target: "domain", produces: ["dns.mx", "dns.a", "dns.aaaa"] },
				{ target: "mx", produces: ["thing"] },
			],
			[],
		);
		const on = (target: Target) => ({ source: { collector: "dns", version: "1", call: "c", target: target.id } });
		const exchanges = (...hosts: string[]) =>
			item("dns.mx", domain.id, { records: hosts.map((exchange) => ({ type: "MX", data: { preference: 10, exchange } })) }, on(domain));
		const address = (host: string) => item("dns.a", host, { records: [{ type: "A", data: "192.0.2.10" }] }, on(domain));
		const none = (host: string): Evidence => ({ ...item("dns.aaaa", host, undefined, on(domain)), status: "absent" });
		const judged = async (items: Evidence[], targets: Target[]) => {
			const { results, run: told } = await run(items, { targets, checks: [check], supply: mailSupply });
			return { complete: told.complete, results: results.map(({ target, resource, status, reason }) => [target, resource, status, reason?.code ?? null]) };
		};

		it("leave a check of them open on the domain whose MX could not be asked for", async () => {
			const items = [{ ...unreadable("dns.mx", domain.id, "timeout"), ...on(domain) }];
			expect(await judged(items, [domain])).toEqual({ complete: false, results: [[domain.id, domain.id, "not_assessed", "timeout"]] });
		});

		it("leave it open for the one host without an answer, beside the verdict on the other", async () => {
			const hosts = [address("mx1.clinic.example"), none("mx1.clinic.example"), { ...unreadable("dns.a", "mx2.clinic.example", "timeout"), ...on(domain) }];
			const items = [exchanges("mx1.clinic.example", "mx2.clinic.example"), ...hosts, item("thing", "t", { on: true }, on(mx))];
			expect(await judged(items, [domain, mx])).toEqual({
				complete: false,
				results: [
					[domain.id, "mx2.clinic.example", "not_assessed", "timeout"],
					[mx.id, "t", "pass", null],
				],
			});
		});

		it("leave it open where the evidence holds no answer at all", async () => {
			expect(await judged([], [domain])).toEqual({ complete: false, results: [[domain.id, domain.id, "not_assessed", "not_collected"]] });
			expect((await judged([exchanges("mx1.clinic.example"), address("mx1.clinic.example")], [domain])).results).toEqual([
				[domain.id, "mx1.clinic.example", "not_assessed", "not_collected"],
			]);
		});

		it("leave it open for the hosts whose addresses are more than are probed", async () => {
			const many = Array.from({ length: 300 }, (_, index) => ({ type: "A", data: `198.51.${index >> 8}.${index & 255}` }));
			const first = { ...address("mx1.clinic.example"), values: { records: many } };
			const items = [
				exchanges("mx1.clinic.example", "mx2.clinic.example"),
				first,
				none("mx1.clinic.example"),
				address("mx2.clinic.example"),
				none("mx2.clinic.example"),
			];
			expect((await judged(items, [domain])).results).toEqual([
				[domain.id, "mx1.clinic.example", "not_assessed", "too_large"],
				[domain.id, "mx2.clinic.example", "not_assessed", "too_large"],
			]);
		});

		it("are none where the domain receives no mail, or all were learnt", async () => {
			expect(await judged([exchanges(".")], [domain])).toEqual({ complete: true, results: [] });
			const all = [exchanges("mx1.clinic.example"), address("mx1.clinic.example"), none("mx1.clinic.example"), item("thing", "t", { on: true }, on(mx))];
			expect(await judged(all, [domain, mx])).toEqual({ complete: true, results: [[mx.id, "t", "pass", null]] });
		});
	});
});
