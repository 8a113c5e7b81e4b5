import { describe, expect, it } from "vitest";
import { configSchema, domainConfigSchema } from "../../../model/config.ts";
import { type Evidence, evidenceSchema, type ListingValues } from "../../../model/evidence.ts";
import { createResolver } from "../../network/create-resolver.ts";
import { startDnsServer } from "../../network/testing/dns-server.ts";
import { DnssecValidator, mailSecurity, validateDnssec } from "../../protocols/dnssec/index.ts";
import type { SignedZoneOptions } from "../../protocols/dnssec/testing/sign-zone.ts";
import { type SignedWorld, signedWorld } from "../../protocols/dnssec/testing/signed-world.ts";
import type { DnsAnswer, RecordType, Resolver } from "../../protocols/resolver.ts";
import type { CollectContext } from "../collector.ts";
import dnssec from "./index.ts";
import { dnssecKind, dnssecTypes, readAnchor, readAnswer } from "./schema.ts";

const now = new Date("2026-11-24T09:00:00Z");
const text = (value: string) => [[Buffer.from(value)]];
const zones: SignedZoneOptions[] = [
	{ name: "org" },
	{ name: "net", nsec3: { optOut: true } },
	{
		name: "example.org",
		nsec3: { iterations: 1, salt: Buffer.from("ab", "hex") },
		records: {
			"example.org": {
				MX: [
					{ preference: 10, exchange: "mx.Example.org" },
					{ preference: 20, exchange: "mx.hoster.net" },
				],
				TXT: text("v=spf1 mx -all"),
			},
			"_dmarc.example.org": { TXT: text("v=DMARC1; p=reject") },
			"s1._domainkey.example.org": { CNAME: ["s1.dkim.hoster.net"] },
			"mx.example.org": { A: ["192.0.2.10"], AAAA: ["2001:db8::10"] },
			"_25._tcp.mx.example.org": { TLSA: [{ usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32, 7) }] },
			"*.example.org": { TXT: text("wild") },
		},
	},
	{ name: "hoster.net", signed: false, records: { "mx.hoster.net": { A: ["192.0.2.11"] }, "s1.dkim.hoster.net": { TXT: text("v=DKIM1; p=") } } },
	{ name: "plain.net", signed: false, records: { "plain.net": { MX: [{ preference: 10, exchange: "mx.plain.net" }] }, "mx.plain.net": { A: ["192.0.2.12"] } } },
];
const world = signedWorld({ now, zones });

function context(resolver: Resolver, anchors = world.anchors, selectors: string[] = []): CollectContext {
	const domain = domainConfigSchema.parse({ name: "example.org", dkimSelectors: selectors });
	return {
		config: configSchema.parse({ version: 1, domains: [domain] }),
		path: "",
		domain: (name: string) => (name === domain.name ? domain : undefined),
		resolver,
		now: () => now.toISOString(),
		signal: new AbortController().signal,
		limit: (_key: string, _perKey: number, work: () => Promise<unknown>) => work(),
		log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
		dnssecAnchors: anchors,
	} as unknown as CollectContext;
}

async function collected(domain: string, from: CollectContext): Promise<Evidence[]> {
	const items: Evidence[] = [];
	for await (const item of dnssec.collect({ id: domain, type: "domain" }, from)) items.push(item);
	return items;
}

const listingOf = (items: readonly Evidence[], kind: string) => items.find((item) => item.kind === "listing" && (item.values as ListingValues).kind === kind);
const questions = (items: readonly Evidence[]) =>
	items.filter((item) => item.kind.startsWith("dnssec.")).map((item) => `${item.kind.slice(7).toUpperCase()} ${item.id}`);

/** Validation over the items after a trip through JSON. */
async function replay(domain: string, items: readonly Evidence[], selectors: string[] = []) {
	const stored = JSON.parse(JSON.stringify(items)) as Evidence[];
	const byKey = new Map(stored.map((item) => [`${item.kind} ${item.id}`, item]));
	const anchors = stored.filter((item) => item.kind === "config.dnssec_anchor").flatMap((item) => readAnchor(item) ?? []);
	const resolver = {
		resolve(name: string, type: RecordType): Promise<DnsAnswer> {
			const item = byKey.get(`${dnssecKind(type)} ${name}`);
			return Promise.resolve(item === undefined ? { status: "error", code: "not_collected", answers: [] } : readAnswer(item));
		},
	};
	const mx = await world.resolve(domain, "MX");
	return mailSecurity({ domain, validator: new DnssecValidator({ resolver, anchors, now }), mx, selectors, smtpPort: 25 });
}

describe("the DNSSEC collector", () => {
	it("yields items of its kinds, one a question, and a listing for each kind", async () => {
		const items = await collected("example.org", context(world));
		for (const item of items) expect(() => evidenceSchema.parse(JSON.parse(JSON.stringify(item)))).not.toThrow();
		expect(new Set(items.map((item) => `${item.kind} ${item.id}`)).size).toBe(items.length);
		for (const kind of dnssec.produces) {
			const count = items.filter((item) => item.kind === kind).length;
			expect(listingOf(items, kind), kind).toMatchObject({ status: "ok", values: { kind, count, complete: true } });
		}
		expect(items.find((item) => item.kind === "dnssec.tlsa")).toMatchObject({ status: "ok", id: "_25._tcp.mx.example.org" });
		expect(items.find((item) => item.kind === "dnssec.cname" && item.id === "example.org")).toMatchObject({ status: "absent" });
	});
	it("holds all that validation needs again, offline", async () => {
		const items = await collected("example.org", context(world, world.anchors, ["s1"]));
		const live = await mailSecurity({
			domain: "example.org",
			validator: new DnssecValidator({ resolver: world, anchors: world.anchors, now }),
			mx: await world.resolve("example.org", "MX"),
			selectors: ["s1"],
			smtpPort: 25,
		});
		const again = await replay("example.org", items, ["s1"]);
		const told = (seen: typeof live) => JSON.stringify(seen, (key, value: unknown) => (key === "answer" || key === "flags" ? undefined : value));
		expect(told(again)).toBe(told(live));
		expect(again.names.map(({ name, type, security }) => `${type} ${name} ${security}`)).toEqual([
			"MX example.org secure",
			"TXT example.org secure",
			"TXT _dmarc.example.org secure",
			"TXT _mta-sts.example.org secure",
			"TXT _smtp._tls.example.org secure",
			"TXT s1._domainkey.example.org insecure",
			"CNAME example.org secure",
		]);
		expect(again.hosts.map(({ name, security, reason }) => ({ name, security, reason }))).toEqual([
			{ name: "mx.example.org", security: "secure", reason: null },
			{ name: "mx.hoster.net", security: "insecure", reason: "nsec3_opt_out" },
		]);
	});
	it("is never more secure with an item gone or in error", async () => {
		const items = await collected("example.org", context(world));
		const rank = (security: string) => ["secure", "insecure", "indeterminate", "bogus"].indexOf(security);
		const before = await replay("example.org", items);
		for (const victim of items.filter((item) => item.kind.startsWith("dnssec."))) {
			const after = await replay(
				"example.org",
				items.filter((item) => item !== victim),
			);
			for (const [index, one] of after.names.entries()) expect(rank(one.security)).toBeGreaterThanOrEqual(rank(before.names[index]?.security ?? ""));
			expect(JSON.stringify(after)).toContain("not_collected");
		}
	});
	it("costs an unsigned domain the questions of its delegation", async () => {
		const own = signedWorld({ now, zones });
		const items = await collected("plain.net", context(own, own.anchors));
		expect(questions(items)).toEqual(["DNSKEY .", "DNSKEY net", "DS net", "DS plain.net"]);
	});
	it("says that signatures are stripped, and takes nothing for unsigned", async () => {
		for (const domain of ["example.org", "plain.net"]) {
			const strip = world.through((_, answer) => ({ ...answer, answers: answer.answers.filter((record) => record.type !== "RRSIG"), authorities: [] }));
			const items = await collected(domain, context(strip));
			expect(listingOf(items, "dnssec.dnskey")).toMatchObject({ status: "error", error: { code: "tampered", detail: "dnssec_stripped" } });
			expect(listingOf(items, "config.dnssec_anchor")).toMatchObject({ status: "ok" });
			expect(questions(items)).toEqual(["DNSKEY ."]);
		}
	});
	it("keeps failures as items in error", async () => {
		const failing = signedWorld({ now, zones, faults: { "DS example.org": "timeout", "MX plain.net": "servfail" } });
		const items = await collected("example.org", context(failing, failing.anchors));
		expect(items.find((item) => item.kind === "dnssec.ds" && item.id === "example.org")).toMatchObject({ status: "error", error: { code: "timeout" } });
		expect(listingOf(items, "dnssec.ds")).toMatchObject({ status: "ok" });
	});
	it("names the anchors that it used: the built-in ones without others", async () => {
		const { dnssecAnchors, ...plain } = context(world);
		expect(dnssecAnchors).toBeDefined();
		const items = (await collected("example.org", plain as CollectContext)).filter((item) => item.kind === "config.dnssec_anchor");
		expect(items.map((item) => (item.values as { keyTag: number }).keyTag)).toEqual([20326, 38696]);
		expect(items[0]?.source.call).toContain("iana.org");
	});
	it("reads items of any shape as errors", () => {
		const item = {
			kind: "dnssec.mx",
			id: "x",
			status: "ok" as const,
			source: { collector: "x", version: "1", call: "x", target: "x" },
			collectedAt: now.toISOString(),
		};
		for (const values of [
			undefined,
			{},
			{ rcode: "NOERROR", answers: [{ name: "x", type: "MX", ttl: 1, rdata: "AA==" }], authorities: [] },
			{ rcode: "x", answers: [], authorities: [] },
		]) {
			expect(readAnswer({ ...item, values })).toEqual({ status: "error", code: "malformed", answers: [] });
		}
	});
});

describe("over the network", () => {
	async function withServer(
		use: (resolver: ReturnType<typeof createResolver>, asked: () => string[]) => Promise<void>,
		served: SignedWorld = world,
	): Promise<void> {
		// The server of the tests answers at once: every answer that may be asked for is made before.
		const ready = new Map<string, DnsAnswer>();
		const server = await startDnsServer((asked) => {
			const key = `${asked.type} ${asked.name === "" ? "." : asked.name}`;
			const answer = ready.get(key);
			const dnssecOk = asked.request.additionals.some((record) => record.flag_do === true);
			if (answer !== undefined)
				return {
					answers: answer.answers.filter((record) => dnssecOk || record.type !== "RRSIG"),
					authorities: dnssecOk ? (answer.authorities ?? []) : [],
					...(answer.rcode === undefined ? {} : { rcode: answer.rcode }),
				};
			void served.resolve(key.slice(key.indexOf(" ") + 1), asked.type as RecordType).then((made) => {
				ready.set(key, made);
				asked.raw(
					asked.encode({
						answers: made.answers.filter((record) => dnssecOk || record.type !== "RRSIG"),
						authorities: dnssecOk ? (made.authorities ?? []) : [],
						...(made.rcode === undefined ? {} : { rcode: made.rcode }),
					}),
				);
			});
			return undefined;
		});
		const resolver = createResolver(configSchema.parse({ version: 1, network: { resolvers: [server.address] } }).network);
		try {
			await use(resolver, () => server.asked.map((one) => `${one.type} ${one.name}`));
		} finally {
			await resolver.close();
			await server.close();
		}
	}
	it("validates what a server sends in wire form", async () => {
		await withServer(async (resolver) => {
			const view = resolver.withSignatures;
			const expected: [string, RecordType, string][] = [
				["example.org", "MX", "secure"],
				["example.org", "SOA", "secure"],
				["example.org", "CAA", "secure"],
				["_25._tcp.mx.example.org", "TLSA", "secure"],
				["a.b.example.org", "TXT", "secure"],
				["mx.example.org", "AAAA", "secure"],
				["gone.org", "A", "secure"],
				["s1._domainkey.example.org", "TXT", "insecure"],
				["plain.net", "MX", "insecure"],
			];
			for (const [name, type, security] of expected)
				expect(await validateDnssec({ name, type, resolver: view, anchors: world.anchors, now }), `${type} ${name}`).toMatchObject({ security });
		});
	});
	it("shares the questions above the domains between them", async () => {
		const many: SignedZoneOptions[] = Array.from({ length: 50 }, (_, index) => ({
			name: `d${index}.net`,
			signed: false,
			records: { [`d${index}.net`]: { MX: [{ preference: 10, exchange: "mx.hoster.net" }] } },
		}));
		const own = signedWorld({ now, zones: [...zones, ...many] });
		await withServer(async (resolver, asked) => {
			const from = context(resolver, own.anchors);
			await Promise.all(many.map((zone) => collected(zone.name, from)));
			const counts = Map.groupBy(asked(), (question) => question.split(" ")[0]);
			expect(counts.get("DNSKEY")).toHaveLength(2);
			// One for net, one for the hoster, one for each domain.
			expect(counts.get("DS")).toHaveLength(many.length + 2);
			expect(counts.get("MX")).toHaveLength(many.length);
			expect(asked()).toHaveLength(2 * many.length + 4);
		}, own);
	});
	it("asks for no type without a kind of evidence", async () => {
		const own = signedWorld({ now, zones });
		await collected("example.org", context(own, own.anchors, ["s1"]));
		expect(
			[...new Set(own.asked.map((question) => question.split(" ")[0]))].filter((type) => !(dnssecTypes as readonly string[]).includes(type ?? "")),
		).toEqual([]);
	});
});
