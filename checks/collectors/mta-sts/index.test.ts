import { afterEach, describe, expect, it } from "vitest";
import { canonicalJson, sha256Hex } from "../../../model/canonical.ts";
import { configSchema, type NetworkConfig } from "../../../model/config.ts";
import type { Evidence } from "../../../model/evidence.ts";
import { createConnector } from "../../network/create-connector.ts";
import { judgeMtaStsFetch } from "../../protocols/mta-sts/index.ts";
import {
	http,
	identity,
	labNetwork,
	labNow,
	labRoot,
	type PolicyHost,
	policyText,
	selfSigned,
	startPolicyHost,
} from "../../protocols/mta-sts/testing/policy-lab.ts";
import { type Zone, zoneResolver } from "../../protocols/testing/zone-resolver.ts";
import type { CollectContext } from "../collector.ts";
import collector from "./index.ts";
import { readMtaStsFetch } from "./schema.ts";

const zone: Zone = { "_mta-sts.good.loc": { TXT: ["v=STSv1; id=1"] }, "mta-sts.good.loc": { A: ["192.0.2.1"] } };
const open: PolicyHost[] = [];

afterEach(async () => {
	for (const host of open.splice(0)) await host.close();
});

async function collect(options: { network?: NetworkConfig; zone?: Zone; roots?: string[]; signal?: AbortSignal; limits?: string[] } = {}): Promise<Evidence[]> {
	const silent = () => undefined;
	const context: CollectContext = {
		config: configSchema.parse({ version: 1 }),
		path: "",
		domain: () => undefined,
		resolver: zoneResolver(options.zone ?? zone),
		connector: createConnector(options.network ?? labNetwork({}), options.roots ?? [labRoot.pem]),
		now: () => "2026-06-01T00:00:00Z",
		signal: options.signal ?? new AbortController().signal,
		limit: (key, _perKey, work) => {
			options.limits?.push(key);
			return work();
		},
		log: { debug: silent, info: silent, warn: silent },
	};
	const items: Evidence[] = [];
	for await (const item of collector.collect({ id: "good.loc", type: "domain" }, context)) items.push(item);
	// Whatever a server sent, every item has a canonical line.
	for (const item of items) expect(canonicalJson(JSON.parse(canonicalJson(item)))).toBe(canonicalJson(item));
	return items;
}

function one(items: readonly Evidence[], kind: string, id: string): Evidence {
	const found = items.filter((item) => item.kind === kind && item.id === id);
	const [item] = found;
	if (item === undefined || found.length > 1) throw new Error(`${found.length} items of ${kind} ${id}`);
	return item;
}

const policyOf = (items: readonly Evidence[]) => one(items, "https.mta_sts_policy", "good.loc");
const listingOf = (items: readonly Evidence[]) => one(items, "listing", "https.mta_sts_policy@good.loc");

function judge(item: Evidence, now = labNow) {
	const fetch = readMtaStsFetch(JSON.parse(JSON.stringify(item)) as Evidence);
	if (fetch === undefined) throw new Error("stored values cannot be read");
	return judgeMtaStsFetch(fetch, { roots: [labRoot.der], now });
}

describe("collector mta-sts", () => {
	it("keeps policy, chain and anchors, and judges nothing", async () => {
		const host = await startPolicyHost(identity("mta-sts.good.loc"), (socket) => void socket.end(http(200, policyText)));
		open.push(host);
		const limits: string[] = [];
		const items = await collect({ network: labNetwork({ "192.0.2.1:443": host.port }), limits });
		const item = policyOf(items);
		expect(item).toMatchObject({
			status: "ok",
			values: {
				host: "mta-sts.good.loc",
				outcome: "answered",
				address: "192.0.2.1",
				httpStatus: 200,
				contentType: "text/plain",
				bytes: policyText.length,
				body: policyText,
				truncated: false,
				chain: [expect.any(String), expect.any(String)],
				recordId: "1",
			},
			source: { collector: "mta-sts", version: "1", call: "GET https://mta-sts.good.loc/.well-known/mta-sts.txt", target: "good.loc" },
			collectedAt: "2026-06-01T00:00:00Z",
		});
		expect(canonicalJson(item)).not.toContain(String(host.port));
		expect(listingOf(items)).toMatchObject({ status: "ok", values: { kind: "https.mta_sts_policy", target: "good.loc", count: 1, complete: true } });
		expect(one(items, "config.trust_anchor", sha256Hex(labRoot.der))).toMatchObject({ status: "ok", values: { der: labRoot.der.toString("base64") } });
		expect(one(items, "listing", "config.trust_anchor@good.loc")).toMatchObject({ values: { count: 1, complete: true } });
		expect(limits).toEqual(["https|192.0.2.1"]);
		expect(judge(item)).toMatchObject({ status: "ok", policy: { mode: "enforce" } });
		expect(judge(item, new Date("2027-06-01T00:00:00Z"))).toMatchObject({ status: "invalid", reason: "certificate_expired" });
	});

	it("keeps the body of a host with a bad certificate, which no judgement uses", async () => {
		const host = await startPolicyHost(selfSigned("mta-sts.good.loc"), (socket) => void socket.end(http(200, policyText)));
		open.push(host);
		const item = policyOf(await collect({ network: labNetwork({ "192.0.2.1:443": host.port }) }));
		expect(item).toMatchObject({ status: "ok", values: { body: policyText } });
		expect(judge(item)).toMatchObject({ status: "invalid", reason: "certificate_self_signed" });
		expect(judge(item)).not.toHaveProperty("policy");
	});

	it("keeps at most 64 KiB of any octets", async () => {
		const octets = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
		const host = await startPolicyHost(identity("mta-sts.good.loc"), (socket) => void socket.end(http(200, octets)));
		open.push(host);
		const item = policyOf(await collect({ network: labNetwork({ "192.0.2.1:443": host.port }) }));
		expect(item).toMatchObject({ values: { bytes: 65_536, truncated: true, body: octets.subarray(0, 65_536).toString("latin1") } });
		expect(judge(item)).toMatchObject({ status: "invalid", reason: "too_large" });
	});

	it("keeps a redirect as an answer", async () => {
		const host = await startPolicyHost(identity("mta-sts.good.loc"), (socket) => void socket.end(http(302, "", { Location: "https://elsewhere.example/" })));
		open.push(host);
		const item = policyOf(await collect({ network: labNetwork({ "192.0.2.1:443": host.port }) }));
		expect(item).toMatchObject({ status: "ok", values: { httpStatus: 302, location: "https://elsewhere.example/", body: null } });
		expect(judge(item)).toMatchObject({ status: "invalid", reason: "http_status" });
	});

	it("says absent only when the record is positively not there or not valid", async () => {
		for (const txt of [undefined, ["v=spf1 -all"], ["v=STSv1; id="], ["v=STSv1; id=1", "v=STSv1; id=2"]]) {
			const items = await collect({ zone: txt === undefined ? {} : { "_mta-sts.good.loc": { TXT: txt } } });
			expect(policyOf(items)).toMatchObject({ status: "absent", values: { why: "no_record", recordError: expect.any(String) } });
			expect(listingOf(items)).toMatchObject({ status: "ok", values: { count: 0, complete: true } });
			expect(judge(policyOf(items))).toMatchObject({ status: "invalid", reason: "no_record" });
		}
	});

	it("keeps a missing policy host as seen, not as absent", async () => {
		const items = await collect({ zone: { "_mta-sts.good.loc": { TXT: ["v=STSv1; id=1"] } } });
		expect(policyOf(items)).toMatchObject({ status: "ok", values: { outcome: "no_host" } });
		expect(judge(policyOf(items))).toMatchObject({ status: "invalid", reason: "host_not_found" });
	});

	it("gives error for what it could not look at, the listing too when the record is unknown", async () => {
		const record = await collect({ zone: { "_mta-sts.good.loc": "SERVFAIL" } });
		expect(policyOf(record)).toMatchObject({ status: "error", error: { code: "servfail", detail: "TXT _mta-sts.good.loc" } });
		expect(listingOf(record)).toMatchObject({ status: "error", error: { code: "servfail" }, values: { complete: false } });

		const host = await collect({ zone: { ...zone, "mta-sts.good.loc": "TIMEOUT" } });
		expect(policyOf(host)).toMatchObject({ status: "error", error: { code: "timeout", detail: "A mta-sts.good.loc" } });
		expect(listingOf(host)).toMatchObject({ status: "ok", values: { count: 1 } });

		const connection = await collect();
		expect(policyOf(connection)).toMatchObject({ status: "error", error: { code: "not_mapped", detail: "192.0.2.1 port 443" } });
		expect(judge(policyOf(connection))).toMatchObject({ status: "error", code: "not_mapped" });
	});

	it("gives error when the run is stopped", async () => {
		const stop = new AbortController();
		stop.abort();
		const items = await collect({ signal: stop.signal });
		expect(policyOf(items)).toMatchObject({ status: "error", error: { code: "interrupted" } });
	});

	it("has no anchors to keep without a caFile", async () => {
		const items = await collect({ roots: [] });
		expect(items.some((item) => item.kind === "config.trust_anchor")).toBe(false);
		expect(one(items, "listing", "config.trust_anchor@good.loc")).toMatchObject({ values: { count: 0, complete: true } });
	});

	it("does not read values of another shape", () => {
		const item: Evidence = {
			kind: "https.mta_sts_policy",
			id: "a",
			status: "ok",
			values: { host: 1 },
			source: { collector: "x", version: "1", call: "x", target: "a" },
			collectedAt: "x",
		};
		expect(readMtaStsFetch(item)).toBeUndefined();
	});

	it("says beforehand what it would touch", () => {
		const config = configSchema.parse({ version: 1, network: { ports: { https: 8443 } } });
		expect(collector.touches({ id: "good.loc", type: "domain" }, { config })).toEqual([
			"DNS for _mta-sts.good.loc and mta-sts.good.loc",
			"tcp mta-sts.good.loc:8443 (HTTPS, MTA-STS policy of good.loc)",
		]);
	});
});
