import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../model/canonical.ts";
import { type Config, configSchema, networkConfigSchema } from "../../../model/config.ts";
import { type Evidence, evidenceSchema, type Target } from "../../../model/evidence.ts";
import type { DerivationView } from "../../derive/derivation.ts";
import { replayResolver } from "../../derive/replay-resolver.ts";
import { createConnector } from "../../network/create-connector.ts";
import { createResolver } from "../../network/create-resolver.ts";
import { startDnsServer } from "../../network/testing/dns-server.ts";
import { defaultSelectors, lookupDkimSelector, wildcardProbeSelector } from "../../protocols/dkim/index.ts";
import { checkReportDestinations, discoverDmarc, organizationalDomain, parseDmarc } from "../../protocols/dmarc/index.ts";
import type { DnsAnswer, Resolver } from "../../protocols/resolver.ts";
import { analyzeSpf } from "../../protocols/spf/index.ts";
import { type Zone, zoneResolver } from "../../protocols/testing/zone-resolver.ts";
import type { CollectContext } from "../collector.ts";
import dns from "./index.ts";
import { storeRecord } from "./record-data.ts";
import { maxQuestions } from "./recorder.ts";
import { arpaName, blocklistName } from "./reverse-name.ts";

const at = "2026-11-01T00:00:00Z";

function contextOf(resolver: Resolver, input: Record<string, unknown> = {}, signal: AbortSignal = new AbortController().signal): CollectContext {
	const config: Config = configSchema.parse({ version: 1, ...input });
	const silent = (): undefined => undefined;
	return {
		config,
		path: "",
		domain: (name) => config.domains.find((domain) => domain.name === name),
		resolver,
		connector: createConnector(config.network, []),
		now: () => at,
		signal,
		limit: (_key, _perKey, work) => work(),
		log: { debug: silent, info: silent, warn: silent },
	};
}

async function collect(context: CollectContext, id = "example.org"): Promise<{ items: Evidence[]; target: Target }> {
	const target: Target = { id, type: "domain" };
	const items: Evidence[] = [];
	for await (const item of dns.collect(target, context)) items.push(evidenceSchema.parse(item) as Evidence);
	return { items, target };
}

const zone: Zone = {
	"example.org": {
		TXT: ["v=spf1 mx include:_spf.vendor.example include:gone.example -all", ["verification=", "é\u0000x"]],
		MX: [
			[20, "mx2.Example.org"],
			[10, "mx1.example.org"],
		],
		A: ["192.0.2.80"],
		NS: ["ns1.example.org"],
		CAA: [{ flags: 0, tag: "issue", value: "ca.example" }],
	},
	"ns1.example.org": { A: ["192.0.2.53"] },
	"mx1.example.org": { A: ["192.0.2.10", "192.0.2.11"], AAAA: ["2001:db8::10"] },
	"mx2.example.org": { CNAME: ["real.example.net"] },
	"real.example.net": { A: ["192.0.2.20"], AAAA: "SERVFAIL" },
	"_25._tcp.mx1.example.org": { TLSA: [{ usage: 3, selector: 1, matchingType: 1, certificate: "ab".repeat(32) }] },
	"10.2.0.192.in-addr.arpa": { PTR: ["mx1.example.org"] },
	"_spf.vendor.example": { TXT: ["v=spf1 ip4:198.51.100.0/24 a:a.vendor.example -all"] },
	"a.vendor.example": { A: ["198.51.100.1"] },
	"_dmarc.example.org": { TXT: ["v=DMARC1; p=reject; rua=mailto:d@reports.example,mailto:x@example.org"] },
	"example.org._report._dmarc.reports.example": { TXT: ["v=DMARC1"] },
	"reports.example": { MX: [[10, "mx.reports.example"]] },
	"s1._domainkey.example.org": { CNAME: ["s1.vendor.example"] },
	"clinic1._domainkey.example.org": { TXT: ["v=DKIM1; p="] },
	"_mta-sts.example.org": { TXT: ["v=STSv1; id=1"] },
	"mta-sts.example.org": { A: ["192.0.2.90"] },
	"_smtp._tls.example.org": { TXT: ["v=TLSRPTv1; rua=mailto:t@tls.example"] },
	"tls.example": { A: ["192.0.2.91"] },
	"default._bimi.example.org": "TIMEOUT",
	"autodiscover.example.org": { CNAME: ["autodiscover.outlook.example"] },
	"10.2.0.192.bl.example": { A: ["127.0.0.2"] },
};

const domains = [{ name: "example.org", dkimSelectors: ["clinic1"] }];

describe("what is asked", () => {
	it("each question is one item, and every kind has a listing", async () => {
		const resolver = zoneResolver(zone);
		const { items } = await collect(contextOf(resolver, { domains, network: { blocklists: ["bl.example"] } }));
		const ids = items.map((item) => `${item.kind} ${item.id}`);
		expect(new Set(ids).size).toBe(ids.length);
		expect(new Set(resolver.asked).size).toBe(resolver.asked.length);
		const asked = items.filter((item) => item.kind.startsWith("dns."));
		expect(asked.length).toBe(resolver.asked.length);
		for (const question of [
			"dns.txt example.org",
			"dns.spf example.org",
			"dns.mx example.org",
			"dns.ns example.org",
			"dns.aaaa ns1.example.org",
			"dns.a mx1.example.org",
			"dns.aaaa mx2.example.org",
			"dns.cname mx2.example.org",
			"dns.tlsa _25._tcp.mx1.example.org",
			"dns.ptr 10.2.0.192.in-addr.arpa",
			"dns.a 10.2.0.192.bl.example",
			"dns.txt _spf.vendor.example",
			"dns.txt _dmarc.example.org",
			"dns.txt example.org._report._dmarc.reports.example",
			"dns.mx reports.example",
			"dns.mx tls.example",
			"dns.txt clinic1._domainkey.example.org",
			"dns.txt selector1._domainkey.example.org",
			"dns.ns vendor.example",
			"dns.txt _mta-sts.example.org",
			"dns.a mta-sts.example.org",
			"dns.txt _smtp._tls.example.org",
			"dns.txt default._bimi.example.org",
			"dns.cname autodiscover.example.org",
			"dns.caa mx1.example.org",
			"dns.caa example.org",
		]) {
			expect(ids).toContain(question);
		}
		// The climb for CAA ends at the first record set.
		expect(ids).not.toContain("dns.caa org");
		for (const kind of dns.produces) {
			const listing = items.find((item) => item.kind === "listing" && item.id === `${kind}@example.org`);
			const count = items.filter((item) => item.kind === kind).length;
			expect(listing).toMatchObject({ status: "ok", values: { kind, target: "example.org", count, complete: true } });
		}
	});

	it("asks declared selectors, as many of the usual ones as network.dkimGuesses says, and whether every name answers", async () => {
		const { items } = await collect(contextOf(zoneResolver(zone), { domains, network: { dkimGuesses: 2 } }));
		const asked = items.filter(({ id }) => id.endsWith("._domainkey.example.org")).map(({ id }) => id.split(".")[0]);
		expect(asked.sort()).toEqual(["clinic1", ...defaultSelectors.slice(0, 2), wildcardProbeSelector].sort());
		// What judges the answers must know which were not asked.
		expect(items.find(({ kind }) => kind === "config.domain")).toMatchObject({ values: { dkimGuesses: 2 } });
	});

	it("tells ok, absent and error apart, with data as JSON", async () => {
		const { items } = await collect(contextOf(zoneResolver(zone), { domains }));
		const find = (kind: string, id: string): Evidence | undefined => items.find((item) => item.kind === kind && item.id === id);
		expect(find("config.domain", "example.org")).toMatchObject({
			status: "ok",
			values: { name: "example.org", sends: true, receives: true, dkimSelectors: ["clinic1"] },
		});
		expect(find("dns.txt", "example.org")).toMatchObject({
			status: "ok",
			values: { rcode: "NOERROR", records: [{ name: "example.org", type: "TXT", ttl: 300 }, { data: ["verification=", "é\u0000x"] }], server: "192.0.2.53:53" },
			source: { collector: "dns", version: "1", call: "TXT example.org", target: "example.org" },
			collectedAt: at,
		});
		expect(find("dns.tlsa", "_25._tcp.mx1.example.org")).toMatchObject({
			values: { records: [{ data: { usage: 3, selector: 1, matchingType: 1, certificate: "ab".repeat(32) } }] },
		});
		expect(find("dns.caa", "example.org")).toMatchObject({ values: { records: [{ data: { flags: 0, tag: "issue", value: "ca.example" } }] } });
		expect(find("dns.spf", "example.org")).toMatchObject({ status: "absent", values: { rcode: "NOERROR", records: [] } });
		expect(find("dns.txt", "s1._domainkey.example.org")).toMatchObject({
			status: "absent",
			values: { rcode: "NXDOMAIN", records: [{ type: "CNAME", data: "s1.vendor.example" }] },
		});
		expect(find("dns.aaaa", "mx2.example.org")).toMatchObject({ status: "error", error: { code: "servfail", detail: "SERVFAIL" } });
		expect(find("dns.txt", "default._bimi.example.org")).toMatchObject({ status: "error", error: { code: "timeout" } });
		for (const item of items) expect(() => canonicalJson(item)).not.toThrow();
	});

	it("a loop of aliases is seen, not absent", async () => {
		const { items } = await collect(
			contextOf(zoneResolver({ "example.org": { MX: [[1, "a.example"]] }, "a.example": { CNAME: ["b.example"] }, "b.example": { CNAME: ["a.example"] } })),
		);
		expect(items.find((item) => item.kind === "dns.a" && item.id === "a.example")).toMatchObject({ status: "ok", values: { cnameLoop: true } });
	});

	it("a stopped run leaves errors, and listings that are not complete", async () => {
		const stop = new AbortController();
		stop.abort();
		const { items } = await collect(contextOf(zoneResolver(zone), { domains }, stop.signal));
		const asked = items.filter((item) => item.kind.startsWith("dns."));
		expect(asked.length).toBeGreaterThan(0);
		for (const item of asked) expect(item).toMatchObject({ status: "error", error: { code: "interrupted" } });
		const listing = items.find((item) => item.id === "dns.txt@example.org");
		expect(listing).toMatchObject({ status: "error", error: { code: "interrupted" }, values: { complete: false } });
	});

	it("a zone without end is cut, and says so", async () => {
		const many = Array.from({ length: 70 }, (_, index) => [index, `m${index}.example.org`]);
		const { items } = await collect(contextOf(zoneResolver({ "example.org": { MX: many } })));
		expect(items.length).toBeLessThan(maxQuestions);
		expect(items.find((item) => item.id === "dns.a@example.org")).toMatchObject({ status: "error", error: { code: "too_large" }, values: { complete: false } });
	});
});

function viewOf(items: readonly Evidence[], target: string): DerivationView {
	return {
		target,
		asOf: new Date(at),
		today: "2026-11-01",
		items: (kind) => items.filter((item) => item.kind === kind),
		item: (kind, id) => items.find((item) => item.kind === kind && item.id === id),
		supplied: () => true,
		others: () => [],
		remember: (_key, make) => make(),
		listingError: () => undefined,
	};
}

/** Everything that the protocol functions say about the domain. */
async function judged(resolver: Resolver): Promise<unknown> {
	const options = { domain: "example.org", resolver };
	const dmarc = await discoverDmarc(options);
	const record = dmarc.record === undefined ? undefined : parseDmarc(dmarc.record);
	return {
		spf: await analyzeSpf(options),
		dmarc,
		organizational: await organizationalDomain(options),
		reports: record === undefined ? [] : await checkReportDestinations({ policyDomain: dmarc.policyDomain ?? "", record, resolver }),
		dkim: await Promise.all(["clinic1", ...defaultSelectors].map((selector) => lookupDkimSelector({ ...options, selector }))),
	};
}

describe("replay", () => {
	it("stored items give the protocol functions the same results without a network", async () => {
		const { items } = await collect(contextOf(zoneResolver(zone), { domains }));
		const stored = JSON.parse(canonicalJson(items)) as Evidence[];
		const offline = await judged(replayResolver(viewOf(stored, "example.org")));
		expect(JSON.stringify(offline)).not.toContain("not_collected");
		expect(offline).toEqual(await judged(zoneResolver(zone)));
	});

	it("so do items that came over real sockets", async () => {
		const server = await startDnsServer(({ name, type }) => {
			if (type === "MX" && name === "example.org") return { answers: [{ name, type, ttl: 60, data: { preference: 5, exchange: "mx.example.org" } }] };
			if (type === "A" && name === "mx.example.org") return { answers: [{ name, type, ttl: 60, data: "192.0.2.10" }] };
			if (type === "TXT" && name === "example.org") return { answers: [{ name, type, ttl: 60, data: ["v=spf1 include:spf.example -all"] }] };
			if (type === "TXT" && name === "_dmarc.example.org") return { answers: [{ name, type, ttl: 60, data: ["v=DMARC1; p=none"] }] };
			if (name === "spf.example") return { rcode: "SERVFAIL" };
			return { rcode: "NXDOMAIN" };
		});
		const resolver = createResolver(networkConfigSchema.parse({ resolvers: [server.address], timeoutMs: { dns: 500 } }));
		try {
			const { items, target } = await collect(contextOf(resolver, { domains }));
			expect(items.find((item) => item.kind === "dns.mx" && item.id === "example.org")).toMatchObject({
				status: "ok",
				values: { flags: ["RD", "RA"], server: server.address },
			});
			expect(dns.discover?.(target, items)).toEqual([{ id: "mx.example.org|192.0.2.10|25", type: "mx", domains: ["example.org"] }]);
			expect(await judged(replayResolver(viewOf(items, "example.org")))).toEqual(await judged(resolver));
		} finally {
			await resolver.close();
			await server.close();
		}
	});
});

describe("MX targets", () => {
	const discover = async (given: Zone, input: Record<string, unknown> = {}): Promise<string[]> => {
		const { items, target } = await collect(contextOf(zoneResolver(given), input));
		return (dns.discover?.(target, items) ?? []).map((found) => found.id);
	};

	it("every address of every host, by preference, once", async () => {
		expect(await discover(zone)).toEqual([
			"mx1.example.org|192.0.2.10|25",
			"mx1.example.org|192.0.2.11|25",
			"mx1.example.org|2001:db8::10|25",
			"mx2.example.org|192.0.2.20|25",
		]);
	});

	it("none for a null MX or one that could not be asked; the domain itself without MX; the configured port", async () => {
		expect(await discover({ "example.org": { MX: [[0, "."]], A: ["192.0.2.1"] } })).toEqual([]);
		expect(await discover({ "example.org": { MX: "SERVFAIL", A: ["192.0.2.1"] } })).toEqual([]);
		expect(await discover({ "example.org": { A: ["192.0.2.1"] } }, { network: { ports: { smtp: 2525 } } })).toEqual(["example.org|192.0.2.1|2525"]);
		expect(await discover({})).toEqual([]);
	});
});

describe("names and data", () => {
	it("reverses addresses", () => {
		expect(arpaName("192.0.2.1")).toBe("1.2.0.192.in-addr.arpa");
		expect(arpaName("2001:db8::1")).toBe("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
		expect(arpaName("::ffff:192.0.2.1")).toBe(arpaName("::ffff:c000:201"));
		expect(arpaName("example.org")).toBeUndefined();
		expect(blocklistName("192.0.2.99", "bl.example")).toBe("99.2.0.192.bl.example");
		fc.assert(fc.property(fc.ipV6(), (address) => /^([0-9a-f]\.){32}ip6\.arpa$/.test(arpaName(address) ?? "")));
	});

	it("any answer becomes an item that JSON can hold", async () => {
		const anything = fc.oneof(
			fc.uint8Array(),
			fc.string(),
			fc.array(fc.uint8Array()),
			fc.dictionary(fc.string(), fc.uint8Array()),
			fc.constant(undefined),
			fc.constant(null),
		);
		await fc.assert(
			fc.asyncProperty(fc.constantFrom("TXT", "MX", "TLSA", "CAA", "A", "X"), anything, async (type, data) => {
				const answer: DnsAnswer = { status: "ok", rcode: "NOERROR", answers: [{ name: "example.org", type, ttl: 1, data }] };
				expect(() => JSON.stringify(answer.answers.map(storeRecord))).not.toThrow();
			}),
		);
	});
});

describe("a resolver that denies whatever it is asked", () => {
	const statuses = async (zone: Zone): Promise<Set<string>> => {
		const { items } = await collect(contextOf(zoneResolver(zone)));
		return new Set(
			items
				.filter(({ kind, id }) => kind.startsWith("dns.") && id !== "org")
				.map((item) => [item.status, item.error?.code, item.error?.detail].join(" ").trim()),
		);
	};

	it("says nothing of a domain when it denies the top-level domain too", async () => {
		expect(await statuses({})).toEqual(new Set(["error tampered resolver_denies_all"]));
	});

	it("is believed when it knows the top-level domain: the domain does not exist", async () => {
		expect(await statuses({ org: { NS: ["a0.org.example"] } })).toEqual(new Set(["absent"]));
	});

	it("is believed when it knows the domain, though nothing of what is asked is there", async () => {
		expect(await statuses({ "example.org": { TXT: [] } })).toEqual(new Set(["absent"]));
	});

	it("is believed when it knows a name of the domain, as a server of one network alone does", async () => {
		expect(await statuses({ "mta-sts.example.org": { A: ["192.0.2.90"] } })).toEqual(new Set(["absent", "ok"]));
	});
});
