import { generateKeyPairSync } from "node:crypto";
import { truncateSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, startLab } from "../lab/index.ts";
import { canonicalJson, evidenceLine } from "../model/canonical.ts";
import { configSchema } from "../model/config.ts";
import type { Evidence } from "../model/evidence.ts";
import type { ResultDocument, ResultItem } from "../model/result.ts";
import { InputError } from "../model/source.ts";
import { readEvidenceFiles } from "./evidence-import.ts";
import { probeText } from "./probe.ts";
import { maxProbeBytes, type ProbeDocument, probePayloadType } from "./probe-file.ts";
import { address, clock, domain, probeWith, requestOf, type TwoNetworks, twoNetworks, world } from "./probe-lab.test-support.ts";
import { signDsse } from "./signing.ts";

let two: TwoNetworks;
const labs: Lab[] = [];
beforeAll(async () => {
	two = await twoNetworks();
}, 60_000);
afterAll(async () => {
	await Promise.all(labs.map((lab) => lab.close()));
	await two.close();
});

async function lab(...given: Parameters<typeof world>): Promise<Lab> {
	const started = await startLab(world(...given), { certificates: two.there.certificates, now: clock });
	labs.push(started);
	return started;
}

function of(result: ResultDocument, check: string, resource = address): ResultItem {
	const found = result.results.find((one) => one.check === check && one.resource === resource);
	if (found === undefined) throw new Error(`no result of ${check} on ${resource}`);
	return found;
}

/** The probe with changes, signed again by the trusted key. */
function resigned(name: string, change: (document: ProbeDocument) => unknown): string {
	const document = structuredClone(two.document);
	return two.write(name, `${canonicalJson(signDsse(probePayloadType, Buffer.from(canonicalJson(change(document) ?? document)), two.key))}\n`);
}

function changeItem(document: ProbeDocument, kind: string, change: (item: Evidence) => Evidence): void {
	document.evidence = document.evidence.map((entry) => {
		const item = JSON.parse(entry.line) as Evidence;
		return item.kind === kind ? evidenceLine(change(item)) : entry;
	});
}

function replaceFirst(document: ProbeDocument, entry: ProbeDocument["evidence"][number]): void {
	document.evidence[0] = entry;
}

async function refused(file: string, trust?: string[], now?: Date): Promise<string> {
	const error = await two.scan({ evidence: [file], ...(trust === undefined ? {} : { trust }), ...(now === undefined ? {} : { now }) }).then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	expect(error).toBeInstanceOf(InputError);
	return (error as InputError).problems.map((problem) => problem.message).join("\n");
}

describe("a probe made where port 25 is open", () => {
	it("answers for an address that refuses us, and says whose word it is", async () => {
		const alone = await two.scan({ evidence: [] });
		expect(of(alone.result, "smtp.starttls_offered")).toMatchObject({ status: "not_assessed", reason: { code: "refused" } });
		expect(alone.manifest.run.vantage).toEqual({});

		const { result, items, manifest } = await two.scan({ evidence: [two.file] });
		expect(of(result, "smtp.starttls_offered").status).toBe("pass");
		expect(of(result, "smtp.tls_1_2_or_later").status).toBe("pass");
		const starttls = items.filter((item) => item.kind === "smtp.starttls");
		expect(starttls).toHaveLength(1);
		expect(starttls[0]).toMatchObject({
			id: address,
			status: "ok",
			source: { collector: "smtp", call: "imported from vantage 198.51.100.7", target: address },
		});
		expect(of(result, "smtp.starttls_offered").evidence.length).toBeGreaterThan(0);
		expect(manifest.run.vantage).toMatchObject({
			imports: [{ type: "probe", signed: true, stale: false, used: [address], refused: [], vantage: { address: "198.51.100.7", reverseName: null } }],
		});
		expect(result.run.vantage).toEqual(manifest.run.vantage);
	});

	it("gives the same bytes at any time, and no second view where there is one", async () => {
		const { result } = await two.scan({ evidence: [two.file] });
		const { result: again } = await two.scan({ evidence: [two.file] });
		expect(canonicalJson(again.results)).toBe(canonicalJson(result.results));
		// The import is all that is known of the address: it cannot be held against itself.
		expect(of(result, "dns.vantages_agree", domain)).toMatchObject({ status: "not_assessed", reason: { code: "refused" } });
	});

	it("never overrules what we saw ourselves", async () => {
		const stripped = await lab({ "192.0.2.10": { host: "mx1.clinic.example", starttls: "absent" } });
		const { result, manifest, items } = await two.scan({ evidence: [two.file], lab: stripped });
		expect(of(result, "smtp.starttls_offered").status).toBe("fail");
		expect(items.find((item) => item.kind === "smtp.starttls")?.source.call).not.toContain("imported");
		expect(manifest.run.vantage).toMatchObject({ imports: [{ used: [] }] });
		// Both are kept, and the difference is told.
		expect(items.some((item) => item.kind === "vantage.observation" && item.id === `198.51.100.7/smtp.starttls/${address}`)).toBe(true);
		const differing = of(result, "dns.vantages_agree", domain);
		expect(differing.status).toBe("fail");
		expect(JSON.stringify(differing)).toContain("198.51.100.7");
		const way = of(result, "smtp.starttls_not_stripped");
		expect(way).toMatchObject({ status: "fail", path: "differences", observed: [{ network: "198.51.100.7", onlyHere: [], onlyThere: ["STARTTLS"] }] });
	});

	it("agrees with a network that sees the same", async () => {
		const { result } = await two.scan({ evidence: [two.file], lab: two.there });
		expect(of(result, "dns.vantages_agree", domain).status).toBe("pass");
		expect(of(result, "smtp.starttls_not_stripped").status).toBe("pass");
		const { result: alone } = await two.scan({ evidence: [], lab: two.there });
		expect(of(alone, "smtp.starttls_not_stripped")).toMatchObject({ status: "not_assessed", reason: { code: "single_vantage" } });
	});

	it("is not used when the MX hosts are others now, and says so", async () => {
		const moved = await lab({ "192.0.2.10": { host: "mx1.clinic.example", refuse: true }, "192.0.2.11": { host: "mx2.clinic.example", refuse: true } }, [
			"10 mx1.clinic.example",
			"20 mx2.clinic.example",
		]);
		const { result, manifest, items } = await two.scan({ evidence: [two.file], lab: moved });
		expect(of(result, "smtp.starttls_offered")).toMatchObject({ status: "not_assessed", reason: { code: "refused" } });
		expect(JSON.stringify(manifest.run.vantage)).toContain(
			"the MX hosts of clinic.example were mx1.clinic.example then and are mx1.clinic.example, mx2.clinic.example now",
		);
		expect(items.find((item) => item.kind === "smtp.starttls" && item.id === address)?.error?.message).toContain("is not used");
	});

	it("of another address says nothing of this one", async () => {
		const caFile = join(two.dir, "ca.pem");
		const document = await probeWith(two.there, caFile, ["mx1.clinic.example|192.0.2.10|25"]);
		// Another host name on the same address is another target.
		const other = structuredClone(document);
		other.targets = [{ asked: "x", domain: null, mx: [], addresses: ["mx9.clinic.example|192.0.2.10|25"], fault: null }];
		changeItemIds(other, "mx9.clinic.example|192.0.2.10|25");
		const { result } = await two.scan({ evidence: [two.write("other.json", probeText(other, two.key))] });
		expect(of(result, "smtp.starttls_offered").status).toBe("not_assessed");
		const { result: direct } = await two.scan({ evidence: [two.write("direct.json", probeText(document, two.key))] });
		expect(of(direct, "smtp.starttls_offered").status).toBe("pass");
	});

	it("that saw nothing itself leaves our own words", async () => {
		const caFile = join(two.dir, "ca.pem");
		const document = await probeWith(two.here, caFile);
		const { result } = await two.scan({ evidence: [two.write("blind.json", probeText(document, two.key))] });
		expect(of(result, "smtp.starttls_offered")).toMatchObject({ status: "not_assessed", reason: { code: "refused" } });
	});

	it("older than 30 days is stale, to the second", async () => {
		const day = 86_400_000;
		const fresh = await two.scan({ evidence: [two.file], now: new Date(clock.getTime() + 30 * day) });
		expect(of(fresh.result, "smtp.starttls_offered").status).toBe("pass");
		const old = await two.scan({ evidence: [two.file], now: new Date(clock.getTime() + 30 * day + 1000) });
		expect(of(old.result, "smtp.starttls_offered")).toMatchObject({ status: "not_assessed", reason: { code: "evidence_stale", detail: "198.51.100.7" } });
		expect(old.items.find((item) => item.kind === "smtp.starttls")?.error?.message).toContain("our own look: refused");
	});
});

function changeItemIds(document: ProbeDocument, id: string): void {
	const [host] = id.split("|");
	document.evidence = document.evidence.map(({ line }) => {
		const item = JSON.parse(line) as Evidence;
		const values = item.values === undefined ? undefined : { ...(item.values as object), host };
		return evidenceLine({ ...item, id, values, source: { ...item.source, target: id } });
	});
}

describe("what is refused, and why", () => {
	it("a key nobody trusts", async () => {
		const other = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();
		expect(await refused(two.file, [other])).toContain("not signed by a key of trust.keys");
		expect(await refused(two.file, [])).toContain("trust.keys");
	});

	it("every byte of the payload and of the signature that was changed", async () => {
		const text = probeText(two.document, two.key);
		const envelope = JSON.parse(text) as { payload: string; payloadType: string; signatures: { sig: string; keyid: string }[] };
		const payload = Buffer.from(envelope.payload, "base64");
		const [first] = envelope.signatures;
		const sig = Buffer.from(first?.sig ?? "", "base64");
		const options = {
			config: configSchema.parse({ version: 1, trust: { keys: [two.publicPem] } }),
			request: requestOf(configSchema.parse({ version: 1 })),
			now: () => clock,
			wanted: undefined,
		};
		const opens = async (name: string, changed: object): Promise<boolean> => {
			const file = two.write(name, JSON.stringify({ ...envelope, ...changed }));
			return readEvidenceFiles([file], options).then(
				() => true,
				(error: unknown) => {
					expect(error).toBeInstanceOf(InputError);
					return false;
				},
			);
		};
		expect(await opens("same.json", {})).toBe(true);
		await fc.assert(
			fc.asyncProperty(fc.nat(payload.length - 1), fc.integer({ min: 1, max: 255 }), async (at, xor) => {
				const changed = Buffer.from(payload);
				changed[at] = (changed[at] ?? 0) ^ xor;
				expect(await opens("changed.json", { payload: changed.toString("base64") })).toBe(false);
			}),
			{ numRuns: 60 },
		);
		for (let at = 0; at < sig.length; at++) {
			const changed = Buffer.from(sig);
			changed[at] = (changed[at] ?? 0) ^ 1;
			expect(await opens("changed.json", { signatures: [{ keyid: first?.keyid, sig: changed.toString("base64") }] })).toBe(false);
		}
		expect(await opens("type.json", { payloadType: "application/json" })).toBe(false);
		expect(await opens("none.json", { signatures: [] })).toBe(false);
		expect(await opens("more.json", { extra: 1 })).toBe(false);
	});

	it("a probe without a signature", async () => {
		expect(await refused(two.write("unsigned.json", probeText(two.document, undefined)))).toContain("without a signature");
	});

	it.each<[string, (document: ProbeDocument) => unknown, string]>([
		[
			"an item whose hash is another",
			(document) => replaceFirst(document, { line: document.evidence[1]?.line ?? "", sha256: document.evidence[0]?.sha256 ?? "" }),
			"hash",
		],
		["an item of another kind", (document) => changeItem(document, "smtp.starttls", (item) => ({ ...item, kind: "record.baa" })), "holds no record.baa"],
		[
			"a trust anchor of the prober's",
			(document) => changeItem(document, "smtp.starttls", (item) => ({ ...item, kind: "config.trust_anchor" })),
			"holds no config.trust_anchor",
		],
		[
			"an item about another address",
			(document) => changeItem(document, "smtp.starttls", (item) => ({ ...item, id: "mx.other.example|192.0.2.10|25" })),
			"another address",
		],
		[
			"values about another address",
			(document) => changeItem(document, "tls.session", (item) => ({ ...item, values: { ...(item.values as object), address: "192.0.2.99" } })),
			"another address",
		],
		["values of another shape", (document) => changeItem(document, "smtp.starttls", (item) => ({ ...item, values: { host: 1 } })), "values of smtp.starttls"],
		["an absent server", (document) => changeItem(document, "smtp.starttls", (item) => ({ ...item, status: "absent" })), "cannot be absent"],
		[
			"an old item in a new probe",
			(document) => changeItem(document, "smtp.starttls", (item) => ({ ...item, collectedAt: "2026-01-01T00:00:00.000Z" })),
			"not collected between",
		],
		["an error without a code", (document) => changeItem(document, "smtp.starttls", (item) => ({ ...item, status: "error" })), "contradict"],
		[
			"an item that is no JSON",
			(document) => replaceFirst(document, { line: "{", sha256: "021fb596db81e6d02bf3d2586ee3981fe519f275c0ac9ca76bbcf2ebb4097d96" }),
			"cut short",
		],
		["another schema", (document) => ({ ...document, schema: "mailward/probe/v9" }), "no probe of this version"],
		["an unknown field", (document) => ({ ...document, more: true }), "no probe of this version"],
		["an end before the start", (document) => ({ ...document, endedAt: "2026-01-01T00:00:00.000Z" }), "ended before"],
		["a list", () => [], "no probe of this version"],
	])("signed, and yet %s", async (name, change, message) => {
		expect(await refused(resigned(`${name.replaceAll(/\W/g, "-")}.json`, change))).toContain(message);
	});

	it("a probe from the future, beyond what clocks differ", async () => {
		expect(await refused(two.file, undefined, new Date(clock.getTime() - 11 * 60_000))).toContain("after this run's clock");
	});

	it("a file over the size limit, before it is read", async () => {
		const file = two.write("large.json", "");
		truncateSync(file, maxProbeBytes + 1);
		expect(await refused(file)).toContain(`at most ${maxProbeBytes}`);
	});

	it("garbage, folders, and files that are not there", async () => {
		expect(await refused(two.write("garbage.json", "\u0000garbage"))).toMatch(/JSON|line/i);
		expect(await refused(two.write("empty.json", ""))).not.toBe("");
		expect(await refused(two.write("null.json", "null"))).toContain("neither a signed probe");
		expect(await refused(two.write("object.json", "{}"))).toContain("neither a signed probe");
		expect(await refused(two.write("deep.json", "[".repeat(100_000)))).toContain("nested");
		expect(await refused(two.dir)).toContain("directory");
		expect(await refused(join(two.dir, "nowhere.json"))).toContain("no such file");
	});

	it("the same file twice", async () => {
		await expect(two.scan({ evidence: [two.file, two.file] })).rejects.toThrow(InputError);
	});

	it("any bytes: a value or an InputError", async () => {
		const options = {
			config: configSchema.parse({ version: 1, trust: { keys: [two.publicPem] } }),
			request: requestOf(configSchema.parse({ version: 1 })),
			now: () => clock,
			wanted: undefined,
		};
		await fc.assert(
			fc.asyncProperty(
				fc.oneof(
					fc.string(),
					fc.json(),
					fc.record({ payloadType: fc.string(), payload: fc.string(), signatures: fc.jsonValue() }).map((one) => JSON.stringify(one)),
				),
				async (text) => {
					const file = two.write("any.json", text);
					const error = await readEvidenceFiles([file], options).then(
						() => undefined,
						(thrown: unknown) => thrown,
					);
					expect(error).toBeInstanceOf(InputError);
				},
			),
			{ numRuns: 150 },
		);
	});
});

describe("reports of TLS test tools", () => {
	const testssl = (finding: string, severity = "OK") =>
		JSON.stringify({
			version: "3.2.1",
			startTime: String(clock.getTime() / 1000 - 86_400),
			scanResult: [
				{
					targetHost: "mx1.clinic.example",
					ip: "192.0.2.10",
					port: "25",
					vulnerabilities: ["heartbleed", "CCS", "ticketbleed", "ROBOT"].map((id) => ({ id, severity, finding })),
				},
			],
		});
	it("clear an address of known flaws, or find one, by examination", async () => {
		const clear = await two.scan({ evidence: [two.write("clear.json", testssl("not vulnerable"))] });
		expect(of(clear.result, "smtp.implementation_flaws_absent")).toMatchObject({ status: "pass", method: "examine" });
		const found = await two.scan({ evidence: [two.write("found.json", testssl("VULNERABLE", "CRITICAL"))] });
		expect(of(found.result, "smtp.implementation_flaws_absent")).toMatchObject({ status: "fail", severity: "high" });
		const old = await two.scan({ evidence: [two.write("clear.json", testssl("not vulnerable"))], now: new Date(clock.getTime() + 30 * 86_400_000) });
		expect(of(old.result, "smtp.implementation_flaws_absent")).toMatchObject({ status: "not_assessed", reason: { code: "evidence_stale" } });
		const none = await two.scan({ evidence: [] });
		expect(of(none.result, "smtp.implementation_flaws_absent")).toMatchObject({ status: "not_assessed", reason: { code: "input_not_supplied" } });
	});

	const finding = { status: "COMPLETED", result: { is_vulnerable_to_heartbleed: false } };
	const sslyze = JSON.stringify({
		date_scans_completed: "2026-11-20T10:00:00",
		sslyze_version: "6.3.0",
		server_scan_results: [
			{ server_location: { hostname: "mx1.clinic.example", ip_address: "192.0.2.10", port: 25 }, scan_result: { heartbleed: finding } },
			{ server_location: { hostname: "elsewhere.example", ip_address: "192.0.2.77", port: 25 }, scan_result: { heartbleed: finding } },
		],
	});

	it("are kept as unsigned evidence of the address they name, beside the probe", async () => {
		const { items, manifest } = await two.scan({ evidence: [two.write("sslyze.json", sslyze), two.file] });
		const report = items.find((item) => item.kind === "tls.tool_report");
		expect(report).toMatchObject({
			id: address,
			status: "ok",
			values: {
				host: "mx1.clinic.example",
				reports: [
					{ tool: "sslyze", version: "6.3.0", scannedAt: "2026-11-20T10:00:00.000Z", signed: false, findings: { heartbleed: { state: "not_vulnerable" } } },
				],
			},
			source: { call: expect.stringContaining("unsigned") },
		});
		expect(manifest.run.vantage).toMatchObject({
			imports: [
				{ type: "probe" },
				{ type: "tool_report", signed: false, used: [address], refused: [{ what: "elsewhere.example|192.0.2.77|25", why: "is no MX address of this run" }] },
			],
		});
	});
});
