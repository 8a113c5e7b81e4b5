import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startDnsServer, type TestDnsServer } from "../checks/network/testing/dns-server.ts";
import { startLab } from "../lab/index.ts";
import { type Config, configSchema } from "../model/config.ts";
import type { ResultDocument } from "../model/result.ts";
import { collect } from "./collect.ts";
import { scanDomainList } from "./domain-list.ts";
import { evaluateBundle } from "./evaluate.ts";

const key =
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlmWR7C0GU40UclGw1psuRJwERi8IQn1uA9LXnXDg2cxUgP+TTrYDCVHLUshX5Ld0JyMy2VxP8mDVAZr/WGM8PEkigAuCNr9dBvSdeC2UzgBCwElYFifUWwBe3Tc+AexoLjYgYvkTstTbY/2DsIMWlTIht1UfxUKneFVyS+MqkbEL74JlULNum/PGnBsqzQmvEvL512bcE5xt4pb9Ur01EHfna1bmuzAXlCRPjzQGkkicemqbzPT9dw1ByIJI75v2kCwE/WHpoYZ8NiyttcKFiH/LzuTz0EyaPdiX1anG6siahFZqAYI0BUGWxjFCJnUjiiwcOMmzJ1VUgoFAT9ZxUQIDAQAB";
const own = (letter: string): string => `v=DKIM1; p=${key.slice(0, 80)}${letter}${key.slice(81)}`;
/** a and b hold one key; c and d are aliases into one provider's zone; each has another key of its own beside. */
const texts: Record<string, string> = {
	"s1._domainkey.a.example": own("x"),
	"s2._domainkey.a.example": own("a"),
	"mail._domainkey.b.example": own("x"),
	"s2._domainkey.b.example": own("b"),
	"s2._domainkey.c.example": own("c"),
	"s2._domainkey.d.example": own("d"),
	"k.vendor.example": own("v"),
};
const aliases = ["s1._domainkey.c.example", "s1._domainkey.d.example"];

let server: TestDnsServer;
beforeAll(async () => {
	server = await startDnsServer(({ name, type }) => {
		const asked = aliases.includes(name) ? "k.vendor.example" : name;
		const text = texts[asked];
		if (text === undefined) return { rcode: "NXDOMAIN" };
		const alias = asked === name ? [] : [{ name, type: "CNAME", ttl: 60, data: asked }];
		return { answers: [...alias, ...(type === "TXT" ? [{ name: asked, type, ttl: 60, data: text.match(/.{1,255}/g) }] : [])] };
	});
});
afterAll(async () => server.close());

const include = ["dkim.keys_not_shared"];
const expected = [
	["a.example", "fail", ["mail._domainkey.b.example"]],
	["b.example", "fail", ["s1._domainkey.a.example"]],
	["c.example", "pass", null],
	["d.example", "pass", null],
];
const told = (results: ResultDocument["results"]) => results.map(({ resource, status, observed }) => [resource, status, observed]);

function optionsOf(config: Config, out: string, include: string[]) {
	const silent = (): undefined => undefined;
	return {
		config,
		request: { domains: config.domains, plans: [], records: undefined, content: [], open: (path: string) => path },
		out,
		profile: "hipaa",
		concurrency: 2,
		now: () => new Date("2026-11-24T09:00:00Z"),
		signal: new AbortController().signal,
		progress: silent,
		log: { debug: silent, info: silent, warn: silent },
		include,
		skip: [],
		accept: [],
	};
}

function options(out: string) {
	const domains = ["a", "b", "c", "d"].map((name) => ({ name: `${name}.example` }));
	return optionsOf(configSchema.parse({ version: 1, domains, network: { resolvers: [server.address], allowPrivate: true } }), out, include);
}

it("sees one DKIM key of two domains, in one scan and over a list, whose results are settled at the end", { timeout: 30_000 }, async () => {
	const bundle = await mkdtemp(join(tmpdir(), "shared-keys-"));
	await collect(options(bundle));
	expect(told((await evaluateBundle({ dir: bundle, include })).results)).toEqual(expected);

	const out = await mkdtemp(join(tmpdir(), "shared-keys-list-"));
	const { summary } = await scanDomainList({ ...options(out), resume: false, fixedClock: null, exitPolicy: { failOn: "low", requireAssessed: false } });
	const lines = (await readFile(join(out, "results.jsonl"), "utf8")).trim().split("\n");
	expect(lines.flatMap((line) => told((JSON.parse(line) as ResultDocument).results))).toEqual(expected);
	expect(summary).toMatchObject({ totals: { fail: 2, pass: 2 }, checks: { "dkim.keys_not_shared": { fail: 2 } }, exits: { "1": 2, "0": 2 } });
	// What the verdicts rest on stands in the evidence of the run: judged again from it, they are the same.
	expect(told((await evaluateBundle({ dir: out, include })).results)).toEqual(expected);
});

it("looks at an MX address once, however many domains of a list share it", { timeout: 60_000 }, async () => {
	const hosts = Array.from({ length: 5 }, (_, index) => ({ name: `mx${index}.pool.example`, address: `192.0.2.${10 + index}` }));
	const domains = Array.from({ length: 200 }, (_, index) => ({ name: `c${index}.example`, mx: hosts[index % hosts.length]?.name }));
	const lab = await startLab({
		dns: {
			names: {
				...Object.fromEntries(hosts.map(({ name, address }) => [name, { A: address }])),
				...Object.fromEntries(domains.map(({ name, mx }) => [name, { MX: `10 ${mx}` }])),
			},
		},
		smtp: Object.fromEntries(hosts.map(({ name, address }) => [`${address}:25`, { host: name }])),
	});
	try {
		const config = configSchema.parse({ version: 1, domains: domains.map(({ name }) => ({ name })), network: { ...lab.network, egressProbes: [] } });
		const out = await mkdtemp(join(tmpdir(), "shared-mx-"));
		const list = { ...optionsOf(config, out, ["smtp.starttls_offered"]), concurrency: 20, resume: false, fixedClock: null };
		const { summary } = await scanDomainList({ ...list, exitPolicy: { failOn: "low", requireAssessed: false } });
		expect(summary).toMatchObject({ domains: 200, hosts: 5, totals: { pass: 200, fail: 0, not_assessed: 0 } });
		const lines = (await readFile(join(out, "evidence/smtp.starttls.jsonl"), "utf8")).trim().split("\n");
		expect(lines.map((line) => (JSON.parse(line) as { values: { address: string } }).values.address).sort()).toEqual(hosts.map(({ address }) => address));
		// A probe of a server with TLS 1.3 is three connections: the widest offer, old versions, TLS 1.2.
		expect(Object.values(lab.stats.smtp).map(({ connections }) => connections)).toEqual(hosts.map(() => 3));
	} finally {
		await lab.close();
	}
});
