import { beforeAll, describe, expect, it } from "vitest";
import type { DnsFaultKind, LabWorld } from "../../lab/index.ts";
import type { ResultItem } from "../../model/result.ts";
import { scanWorld, verdictsOf } from "./scan-world.ts";

interface Row {
	server: string;
	/** Records of row<n>.example and names below it, over those of a domain that is fine. */
	names?: Record<string, Record<string, unknown>>;
	/** Fault for a name below the domain ("" is the domain), with a type. */
	fault?: [below: string, kind: DnsFaultKind];
	expect: Record<string, string>;
}

const key =
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlmWR7C0GU40UclGw1psuRJwERi8IQn1uA9LXnXDg2cxUgP+TTrYDCVHLUshX5Ld0JyMy2VxP8mDVAZr/WGM8PEkigAuCNr9dBvSdeC2UzgBCwElYFifUWwBe3Tc+AexoLjYgYvkTstTbY/2DsIMWlTIht1UfxUKneFVyS+MqkbEL74JlULNum/PGnBsqzQmvEvL512bcE5xt4pb9Ur01EHfna1bmuzAXlCRPjzQGkkicemqbzPT9dw1ByIJI75v2kCwE/WHpoYZ8NiyttcKFiH/LzuTz0EyaPdiX1anG6siahFZqAYI0BUGWxjFCJnUjiiwcOMmzJ1VUgoFAT9ZxUQIDAQAB";
const good = { "spf.single_record": "pass", "dmarc.record_published": "pass", "dkim.key_published": "pass" };

const rows: Row[] = [
	{ server: "behaves", expect: good },
	{ server: "answers SERVFAIL", fault: ["/TXT", "servfail"], expect: { ...good, "spf.single_record": "servfail" } },
	{ server: "answers REFUSED", fault: ["/TXT", "refused"], expect: { ...good, "spf.single_record": "refused" } },
	{ server: "is silent", fault: ["_dmarc/TXT", "drop"], expect: { ...good, "dmarc.record_published": "timeout" } },
	{ server: "truncates and has no TCP", fault: ["/TXT", "truncate-without-tcp"], expect: { ...good, "spf.single_record": "truncated" } },
	{ server: "truncates and answers over TCP", fault: ["/TXT", "truncate"], expect: good },
	{ server: "sends a forged id and then nothing", fault: ["/TXT", "forged-id-only"], expect: { ...good, "spf.single_record": "timeout" } },
	{ server: "sends a forged id before the answer", fault: ["/TXT", "forged-id-first"], expect: good },
	{ server: "answers another question first", fault: ["/TXT", "wrong-question-first"], expect: good },
	{ server: "answers from another port first", fault: ["/TXT", "other-port-first"], expect: good },
	{ server: "answers NXDOMAIN for an empty non-terminal", fault: ["_domainkey", "nxdomain-for-empty-nonterminal"], expect: good },
	{ server: "runs aliases in a circle", fault: ["_mta-sts/TXT", "cname-loop"], expect: { ...good, "mta_sts.record_published": "fail" } },
	{
		server: "holds 64 TXT records, one of them SPF",
		names: { "": { TXT: ["v=spf1 -all", ...Array.from({ length: 63 }, (_, index) => `token-${index}=${"x".repeat(60)}`)] } },
		expect: good,
	},
	{
		server: "holds TXT with NUL, 8-bit octets and empty strings beside",
		names: { "": { TXT: ["v=spf1 -all", "a\u0000b\u00ff", ["", "x", ""]] } },
		expect: good,
	},
	{ server: "holds SPF with 8-bit octets", names: { "": { TXT: ["v=spf1 a:caf\u00e9.example -all"] } }, expect: { ...good, "spf.syntax_valid": "fail" } },
	{ server: "sends a pointer loop", fault: ["/TXT", "pointer-loop"], expect: { ...good, "spf.single_record": "malformed" } },
	{ server: "sends a cut message", fault: ["_dmarc/TXT", "malformed"], expect: { ...good, "dmarc.record_published": "malformed" } },
];

const domainOf = (index: number): string => `row${index}.example`;
const checks = [...Object.keys(good), "spf.syntax_valid", "mta_sts.record_published"];

describe("odd and hostile DNS servers: one stable outcome each", () => {
	let results: ResultItem[] = [];
	beforeAll(async () => {
		const names: Record<string, Record<string, unknown>> = { example: { SOA: true } };
		const faults: Record<string, DnsFaultKind> = {};
		for (const [index, row] of rows.entries()) {
			const domain = domainOf(index);
			const own: Row["names"] = {
				"": { MX: "0 .", TXT: "v=spf1 -all" },
				_dmarc: { TXT: ["v=DMARC1; p=reject"] },
				"s1._domainkey": { TXT: [`v=DKIM1; p=${key}`] },
			};
			for (const [below, records] of Object.entries({ ...own, ...row.names }))
				names[below === "" ? domain : `${below}.${domain}`] = { ...own[below], ...records };
			if (row.fault === undefined) continue;
			const [below = "", type] = row.fault[0].split("/");
			faults[`${below === "" ? domain : `${below}.${domain}`}${type === undefined ? "" : `/${type}`}`] = row.fault[1];
		}
		results = await scanWorld(
			{ dns: { names: names as LabWorld["dns"]["names"], faults } },
			rows.map((_, index) => domainOf(index)),
			checks,
		);
	}, 60_000);

	it.each(rows.map((row, index) => [row.server, index] as const))("a server that %s", (_server, index) => {
		expect(verdictsOf(results, domainOf(index))).toMatchObject(rows[index]?.expect ?? {});
	});

	it("name servers of one zone that differ", { timeout: 30_000 }, async () => {
		const found = await scanWorld(
			{
				dns: {
					names: {
						example: { SOA: true },
						"two.example": { SOA: true, NS: ["ns1.two.example", "ns2.two.example"], TXT: ["v=spf1 -all"], MX: "0 ." },
						"ns1.two.example": { A: "192.0.2.53" },
						"ns2.two.example": { A: "192.0.2.54" },
					},
					servers: { "192.0.2.53": {}, "192.0.2.54": { names: { "two.example": { TXT: ["v=spf1 +all"] } } } },
				},
			},
			["two.example"],
			["dns.servers_agree"],
		);
		expect(verdictsOf(found, "two.example")).toEqual({ "dns.servers_agree": "fail" });
		expect(JSON.stringify(found)).toMatch(/-all.*\+all|\+all.*-all/);
	});

	it.each(["expired", "wrong-key"] as const)(
		"signatures that are %s are bogus: a fail, and nothing that rests on the name passes for secure",
		{ timeout: 30_000 },
		async (fault) => {
			const names = {
				example: { SOA: true },
				"signed.example": { SOA: true, MX: "10 mx.signed.example", TXT: "v=spf1 -all" },
				"mx.signed.example": { A: "192.0.2.1" },
			} as const;
			const found = await scanWorld(
				{
					dns: {
						names: { ...names, "_25._tcp.mx.signed.example": { TLSA: "3 1 1 of 192.0.2.1" } },
						signed: { ".": true, example: true, "signed.example": fault },
					},
					smtp: { "192.0.2.1": { host: "mx.signed.example" } },
				},
				["signed.example"],
				["dnssec.domain_validates", "dane.path_secure"],
			);
			expect(verdictsOf(found, "signed.example")).toEqual({ "dnssec.domain_validates": "fail", "dane.path_secure": "fail" });
		},
	);

	it("counts every row", () => {
		console.log(`odd DNS servers: ${rows.length + 3}`);
		expect(rows).toHaveLength(17);
	});
});
