import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DnsAnswer, RecordType } from "../resolver.ts";
import type { Zone } from "../testing/zone-resolver.ts";
import { zoneResolver } from "../testing/zone-resolver.ts";
import type { SpfAnalysis, SpfQuestion } from "./analysis.ts";
import { analyzeSpf } from "./analyze.ts";
import { checkHost } from "./check-host.ts";
import { spfGaps } from "./findings.ts";

const analyze = (zone: Zone, domain = "example.org"): Promise<SpfAnalysis> => analyzeSpf({ domain, resolver: zoneResolver(zone) });
const own = (record: string, zone: Zone = {}): Promise<SpfAnalysis> => analyze({ "example.org": { TXT: [record] }, ...zone });
const broken = (analysis: SpfAnalysis): string[] => analysis.findings.filter((finding) => finding.kind === "broken").map((finding) => finding.reference);

const questionNames = [
	"published",
	"syntax",
	"lookups",
	"voidLookups",
	"manyNames",
	"macros",
	"loops",
	"terminal",
	"targets",
	"ptr",
	"deadTerms",
	"size",
	"broadRanges",
	"addresses",
	"registrable",
	"flattening",
] as const;

describe("analyzeSpf: the record", () => {
	it("says nothing bad of a good one", async () => {
		const analysis = await analyze({
			"example.org": { TXT: ["v=spf1 mx include:_spf.vendor.example -all"], MX: [[10, "mx.example.org"]] },
			"mx.example.org": { A: ["192.0.2.1"], AAAA: ["2001:db8::1"] },
			"_spf.vendor.example": { TXT: ["v=spf1 ip4:198.51.100.0/24 ~all"] },
			"vendor.example": { A: ["198.51.100.1"] },
		});
		expect(analysis.findings).toEqual([]);
		expect(spfGaps(analysis)).toEqual({});
		for (const name of questionNames) expect(analysis[name].status).toBe("complete");
		expect(analysis.lookups).toMatchObject({
			count: 2,
			branches: [
				{ term: "mx", cost: 1 },
				{ term: "include:_spf.vendor.example", cost: 1 },
			],
		});
		expect(analysis.addresses.ipv4).toEqual({ own: 1, included: 256, total: 257, ranges: ["192.0.2.1/32", "198.51.100.0/24"] });
		expect(analysis.addresses.ipv6).toMatchObject({ own: "1", included: "0", ranges: ["2001:db8::1/128"] });
		expect(JSON.parse(JSON.stringify(analysis))).toEqual(analysis);
	});
	it("counts records: none, one, several", async () => {
		expect((await analyze({ "example.org": { A: ["192.0.2.1"] } })).published).toMatchObject({ status: "complete", count: 0, absence: "NODATA" });
		expect((await analyze({})).published).toMatchObject({ status: "complete", count: 0, absence: "NXDOMAIN" });
		expect((await analyze({ "example.org": { TXT: ["v=spf10 x"] } })).published).toMatchObject({ status: "complete", count: 0, absence: "no_spf" });
		const several = await analyze({ "example.org": { TXT: ["v=spf1 -all", "V=SPF1 a -all"] } });
		expect(several.published).toMatchObject({ count: 2, records: ["v=spf1 -all", "V=SPF1 a -all"] });
		expect(several.lookups.status).toBe("none");
		expect(several.terminal.policy).toBe("permerror");
		expect(broken(several)).toContain("SPF-01");
	});
	it.each([
		["TIMEOUT", "timeout"],
		["SERVFAIL", "servfail"],
		["REFUSED", "refused"],
		["TRUNCATED", "truncated"],
		["MALFORMED", "malformed"],
	] as const)("answers no question from %s", async (fault, code) => {
		const analysis = await analyze({ "example.org": fault });
		for (const name of questionNames) expect(analysis[name]).toMatchObject({ status: "incomplete", unknown: [{ code, name: "example.org", type: "TXT" }] });
		expect(analysis.published.count).toBeNull();
		expect(analysis.terminal.policy).toBeNull();
		expect(analysis.findings.every((finding) => finding.kind === "unknown")).toBe(true);
		expect(Object.keys(spfGaps(analysis))).toEqual(expect.arrayContaining([...questionNames]));
	});
	it("takes a CNAME loop as unknown, not as absent", async () => {
		expect((await analyze({ "example.org": { CNAME: "example.org" } })).published).toMatchObject({
			status: "incomplete",
			count: null,
			unknown: [{ code: "cname_loop" }],
		});
	});
	it("names every faulty term with its position, macro faults apart", async () => {
		const analysis = await own("v=spf1 ip:1.2.3.4 exists:%{x}.example.org -all");
		expect(analysis.syntax).toMatchObject({
			status: "complete",
			errors: [
				{ term: "ip:1.2.3.4", position: 7, own: true },
				{ term: "exists:%{x}.example.org", position: 18, macro: true },
			],
		});
		expect(analysis.macros).toMatchObject({ status: "complete", errors: [{ position: 18, offset: 27 }] });
		expect(analysis.lookups.status).toBe("none");
		expect(broken(analysis)).toEqual(expect.arrayContaining(["SPF-02", "SPF-06"]));
	});
	it("reads all of 64 TXT records", async () => {
		const analysis = await analyze({ "example.org": { TXT: [...Array.from({ length: 63 }, (_, at) => `token=${at}`), "v=spf1 -all"] } });
		expect(analysis.published.count).toBe(1);
		expect(analysis.size.txtRecords).toBe(64);
	});
	it("measures strings, record and answer", async () => {
		const analysis = await analyze({ "example.org": { TXT: [["v=spf1 ip4:192.0.2.1", " -all"], "x".repeat(200)] } });
		// 12 header, 13 + 4 question, per record 12 and a length octet a string.
		expect(analysis.size).toMatchObject({
			strings: [20, 5],
			recordOctets: 25,
			nameAndTxtOctets: 236,
			answerOctets: 12 + 17 + (12 + 25 + 2) + (12 + 200 + 1),
			txtRecords: 2,
		});
		expect(broken(await own(`v=spf1 ${"ip4:192.0.2.111 ".repeat(30)}-all`))).toContain("SPF-12");
	});
	it("finds leftovers of type 99 and Sender ID, and keeps a failing type 99 question apart", async () => {
		const analysis = await analyze({ "example.org": { TXT: ["v=spf1 -all", "spf2.0/mfrom -all"], SPF: [["v=spf1 ", "-all"]] } });
		expect(analysis.leftovers).toMatchObject({ status: "complete", type99: ["v=spf1 -all"], spf2: ["spf2.0/mfrom -all"] });
		expect((await analyze({ "example.org": { TXT: ["v=spf1 -all"], SPF: "REFUSED" } })).leftovers).toMatchObject({
			status: "incomplete",
			unknown: [{ code: "refused", type: "SPF" }],
			spf2: [],
		});
	});
	it("lists dead terms and ptr, own and included", async () => {
		const analysis = await own("v=spf1 ptr include:i.example.org -all mx redirect=r.example.org", { "i.example.org": { TXT: ["v=spf1 ?all ptr:x.org"] } });
		expect(analysis.deadTerms.terms.map(({ term, why, own }) => [term, why, own])).toEqual([
			["mx", "after_all", true],
			["redirect=r.example.org", "redirect_beside_all", true],
			["ptr:x.org", "after_all", false],
		]);
		expect(analysis.ptr).toMatchObject({ own: [{ term: "ptr", position: 7 }], included: [{ term: "ptr:x.org", at: "i.example.org" }] });
		expect(analysis.lookups.count).toBe(2);
		expect(analysis.targets.targets.map((target) => target.name)).toEqual(["i.example.org"]);
	});
});

describe("analyzeSpf: the tree", () => {
	it("counts past ten, with the cost of each branch", async () => {
		const zone: Record<string, { TXT: string[] }> = { "example.org": { TXT: ["v=spf1 a include:a.example.org include:b.example.org redirect=c.example.org"] } };
		zone["a.example.org"] = { TXT: ["v=spf1 a a/24 a:mx.example.org mx mx/30 exists:e.example.org ip4:192.0.2.1 ~all a"] };
		zone["b.example.org"] = { TXT: ["v=spf1 include:d.example.org ptr"] };
		zone["c.example.org"] = { TXT: ["v=spf1 mx exists:%{i}.example.org -all"] };
		zone["d.example.org"] = { TXT: ["v=spf1 a:mxtoolbox.example.org -all"] };
		const analysis = await analyze(zone);
		expect(analysis.lookups).toMatchObject({
			status: "complete",
			count: 1 + 7 + 4 + 3,
			branches: [
				{ term: "a", cost: 1 },
				{ term: "include:a.example.org", cost: 7 },
				{ term: "include:b.example.org", cost: 4 },
				{ term: "redirect=c.example.org", cost: 3 },
			],
		});
		expect(analysis.tree).toMatchObject({
			cost: 15,
			children: [
				{ name: "a.example.org", cost: 7 },
				{ name: "b.example.org", cost: 4, children: [{ name: "d.example.org", cost: 2 }] },
				{ name: "c.example.org", cost: 3, via: "redirect" },
			],
		});
		expect(analysis.includes.map(({ name, depth, kind }) => [name, depth, kind])).toEqual([
			["a.example.org", 1, "include"],
			["b.example.org", 1, "include"],
			["d.example.org", 2, "include"],
			["c.example.org", 1, "redirect"],
		]);
		expect(broken(analysis)).toContain("SPF-03");
	});
	it("keeps a limit broken although a branch is unknown, and unknown while it is not", async () => {
		const few = await own("v=spf1 include:bad.example -all", { "bad.example": "TIMEOUT" });
		expect(few.lookups).toMatchObject({ status: "incomplete", count: 1, unknown: [{ code: "timeout", name: "bad.example", type: "TXT" }] });
		expect(spfGaps(few)).toMatchObject({ lookups: { code: "timeout", detail: "TXT bad.example" }, targets: { code: "timeout" } });
		expect(spfGaps(few).terminal).toBeUndefined();
		const many = await own(`v=spf1 ${"a ".repeat(10)}include:bad.example -all`, { "bad.example": "TIMEOUT" });
		expect(many.lookups).toMatchObject({ status: "incomplete", count: 11 });
		expect(broken(many)).toContain("SPF-03");
		expect(spfGaps(many).lookups).toBeUndefined();
	});
	it("counts void lookups by client family", async () => {
		const analysis = await own("v=spf1 a:v4.example.org a:v6.example.org exists:none.example.org mx:mail.example.org -all", {
			"v4.example.org": { A: ["192.0.2.1"] },
			"v6.example.org": { AAAA: ["2001:db8::1"] },
			"mail.example.org": { MX: [[10, "gone.example.org"]] },
		});
		expect(analysis.voidLookups).toMatchObject({ status: "complete", count: 3, countIpv6: 3 });
		expect(analysis.voidLookups.lookups).toContainEqual({
			term: "exists:none.example.org",
			position: 41,
			at: "example.org",
			own: true,
			name: "none.example.org",
			type: "A",
			rcode: "NXDOMAIN",
		});
		expect(broken(analysis)).toContain("SPF-04");
		expect((await own("v=spf1 a:x.example.org -all", { "x.example.org": { A: "SERVFAIL" } })).voidLookups).toMatchObject({
			status: "incomplete",
			unknown: [{ code: "servfail", name: "x.example.org", type: "A" }],
		});
	});
	it("reports more than ten MX records, own and included", async () => {
		const mx = Array.from({ length: 11 }, (_, at) => [at, `m${at}.example.org`]);
		const analysis = await own("v=spf1 include:i.example.org -all", {
			"i.example.org": { TXT: ["v=spf1 mx -all"], MX: mx },
			"*.example.org": { A: ["192.0.2.1"], AAAA: ["2001:db8::1"] },
		});
		expect(analysis.manyNames.mx).toMatchObject([{ term: "mx", at: "i.example.org", own: false, count: 11 }]);
	});
	it("finds loops with their chain", async () => {
		const analysis = await own("v=spf1 include:a.example.org -all", {
			"a.example.org": { TXT: ["v=spf1 include:b.example.org"] },
			"b.example.org": { TXT: ["v=spf1 redirect=A.example.org."] },
		});
		expect(analysis.loops).toMatchObject({ status: "complete", chains: [["example.org", "a.example.org", "b.example.org", "a.example.org"]] });
		expect(analysis.lookups).toMatchObject({ status: "complete", count: 11, endless: true });
		expect(broken(analysis)).toEqual(expect.arrayContaining(["SPF-03", "SPF-07"]));
		expect((await own("v=spf1 include:example.org -all")).loops.chains).toEqual([["example.org", "example.org"]]);
		expect((await own("v=spf1 include:%{d} -all")).loops.chains).toEqual([["example.org", "example.org"]]);
		const twice = {
			"a.example.org": { TXT: ["v=spf1 include:c.example.org"] },
			"b.example.org": { TXT: ["v=spf1 include:c.example.org"] },
			"c.example.org": { TXT: ["v=spf1"] },
		};
		expect((await own("v=spf1 include:a.example.org include:b.example.org -all", twice)).loops.chains).toEqual([]);
	});
	it.each([
		["v=spf1 -all", "fail", true],
		["v=spf1 ~all", "softfail", true],
		["v=spf1 ?all", "neutral", true],
		["v=spf1 all", "pass", true],
		["v=spf1 mx", "neutral", false],
		["v=spf1 redirect=r.example.org", "softfail", true],
		["v=spf1 redirect=none.example.org", "permerror", false],
		["v=spf1 redirect=two.example.org", "permerror", false],
		["v=spf1 redirect=bad.example.org", null, false],
		["v=spf1 redirect=%{i}.example.org", null, false],
		["v=spf1 redirect=_%{d}", "fail", true],
		["v=spf1 include:r.example.org", "neutral", false],
		["v=spf1 redirect=bad.example.org -all", "fail", true],
	] as const)("finds where %s ends", async (record, policy, explicit) => {
		const analysis = await own(record, {
			"r.example.org": { TXT: ["v=spf1 redirect=r2.example.org"] },
			"r2.example.org": { TXT: ["v=spf1 ~all"] },
			"two.example.org": { TXT: ["v=spf1 -all", "v=spf1 -all"] },
			"_example.org": { TXT: ["v=spf1 -all"] },
			"bad.example.org": "SERVFAIL",
		});
		expect(analysis.terminal).toMatchObject({ policy, explicit });
		expect(analysis.terminal.status).toBe(policy !== null ? "complete" : record.includes("bad") ? "incomplete" : "not_followed");
	});
	it("tells targets with none, several, invalid and unknown records apart", async () => {
		const analysis = await own(
			"v=spf1 include:none.org include:two.org include:bad.org include:err.org include:%{l}.v.org include:a..b.com include:ok.org -all",
			{
				"none.org": { TXT: ["x"] },
				"two.org": { TXT: ["v=spf1", "v=spf1"] },
				"bad.org": { TXT: ["v=spf1 foo"] },
				"err.org": "REFUSED",
				"ok.org": { TXT: ["v=spf1"] },
				"v.org": { A: ["192.0.2.1"] },
			},
		);
		expect(analysis.targets.targets.map((target) => target.state)).toEqual([
			"none",
			"several",
			"invalid",
			"unknown",
			"not_followed",
			"malformed_name",
			"valid",
		]);
		expect(analysis.targets).toMatchObject({ status: "incomplete", unknown: [{ code: "refused", name: "err.org" }], notFollowed: ["include:%{l}.v.org"] });
		expect(analysis.findings.filter((finding) => finding.reference === "SPF-09" && finding.kind === "broken").length).toBe(4);
	});
	it("keeps labels of 64 octets and names of 300 apart: not asked, or cut from the left", async () => {
		const label = "x".repeat(50);
		const long = `${Array.from({ length: 6 }, () => label).join(".")}.example`;
		const analysis = await own(`v=spf1 include:${"y".repeat(64)}.example a:${long} -all`, { [long.slice(102)]: { A: ["192.0.2.1"], AAAA: ["2001:db8::1"] } });
		expect(analysis.targets.targets[0]?.state).toBe("malformed_name");
		expect(analysis.macros.truncated).toMatchObject([{ term: `a:${long}` }]);
		expect(analysis.addresses.ipv4).toMatchObject({ own: 1 });
	});
	it("marks names built by macros as not followed, with their fixed end for vendor matching", async () => {
		const analysis = await own("v=spf1 include:%{ir}.%{v}.%{d}.spf.has.vendor.example exists:%{i}._spf.%{d} -all", { "vendor.example": { A: ["192.0.2.1"] } });
		expect(analysis.includes).toMatchObject([{ followed: false, suffix: "example.org.spf.has.vendor.example", depth: 1 }]);
		expect(analysis.lookups).toMatchObject({ status: "not_followed", count: 2, notFollowed: ["include:%{ir}.%{v}.%{d}.spf.has.vendor.example"] });
		expect(analysis.addresses.notCounted.length).toBe(2);
		expect(analysis.registrable).toMatchObject({ status: "complete", missing: [], checked: ["vendor.example"] });
		expect(spfGaps(analysis).targets?.code).toBe("no_sample_message");
	});
	it("finds registrable domains that do not exist, behind includes, hosts, MX names, aliases and macros", async () => {
		const analysis = await own(
			"v=spf1 include:_spf.free1.example mx a:h.free2.example a:alias.example.org exists:%{i}.x.free4.example include:_spf.taken.example -all",
			{
				"example.org": {
					TXT: [
						"v=spf1 include:_spf.free1.example mx a:h.free2.example a:alias.example.org exists:%{i}.x.free4.example include:_spf.taken.example a:h.lame.example -all",
					],
					MX: [[10, "mx.free3.example"]],
				},
				"alias.example.org": { CNAME: "h.free5.example" },
				"taken.example": { A: ["192.0.2.1"] },
				"lame.example": "SERVFAIL",
				"h.lame.example": "SERVFAIL",
			},
		);
		expect(analysis.registrable.missing.map((item) => item.domain)).toEqual([
			"free1.example",
			"free2.example",
			"free3.example",
			"free4.example",
			"free5.example",
		]);
		expect(analysis.registrable).toMatchObject({ status: "incomplete", unknown: [{ code: "servfail", name: "lame.example", type: "NS" }] });
		expect(analysis.registrable.missing[2]?.targets).toMatchObject([{ term: "mx", name: "mx.free3.example" }]);
	});
	it("reports over-broad ranges that pass, own and included", async () => {
		const analysis = await own(
			"v=spf1 ip4:10.0.0.0/15 ip4:10.0.0.0/16 ip6:2001:db8::/31 ip6:2001:db8::/32 a/8 mx//16 -ip4:0.0.0.0/0 include:i.example.org -all",
			{
				"i.example.org": { TXT: ["v=spf1 ip4:0.0.0.0/1 -all"] },
			},
		);
		expect(analysis.broadRanges.ranges.map(({ term, own, family, prefix }) => [term, own, family, prefix])).toEqual([
			["ip4:10.0.0.0/15", true, 4, 15],
			["ip6:2001:db8::/31", true, 6, 31],
			["a/8", true, 4, 8],
			["mx//16", true, 6, 16],
			["ip4:0.0.0.0/1", false, 4, 1],
		]);
	});
	it("counts each address once, by the term that decides", async () => {
		const zone = { "i.example.org": { TXT: ["v=spf1 ip4:192.0.2.0/25 -ip4:198.51.100.0/25 ip4:198.51.100.0/24 ~all"] } };
		expect((await own("v=spf1 ip4:192.0.2.0/24 include:i.example.org -all", zone)).addresses.ipv4).toMatchObject({ own: 256, included: 128, total: 384 });
		expect((await own("v=spf1 -include:i.example.org ip4:192.0.2.0/24 -all", zone)).addresses.ipv4).toMatchObject({
			own: 128,
			included: 0,
			ranges: ["192.0.2.128/25"],
		});
		expect((await own("v=spf1 +all")).addresses).toMatchObject({ ipv4: { total: 2 ** 32 }, ipv6: { total: (2n ** 128n).toString() } });
	});
	it("hints at flattening", async () => {
		const analysis = await own("v=spf1 ip4:198.51.100.0/24 include:_spf1.example.org include:_spf.vendor.example -all", {
			"_spf1.example.org": { TXT: ["v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ~all"] },
			"_spf.vendor.example": { TXT: ["v=spf1 ip4:198.51.100.0/24 -all"] },
		});
		expect(analysis.flattening).toMatchObject({
			ownRanges: ["198.51.100.0/24"],
			copied: [{ term: "ip4:198.51.100.0/24", alsoAt: "_spf.vendor.example" }],
			rangeOnly: ["_spf1.example.org"],
		});
	});
});

describe("analyzeSpf: bounds and determinism", () => {
	it("gives the same analysis whatever the order and pace of answers", async () => {
		const zone: Zone = {
			"example.org": {
				TXT: ["v=spf1 mx include:a.example include:b.example a:x.gone.example exists:y.gone2.example -all"],
				MX: [
					[20, "m2.example.org"],
					[10, "m1.example.org"],
				],
			},
			"a.example": { TXT: ["v=spf1 include:c.example a:h.gone3.example -all"] },
			"b.example": { TXT: ["v=spf1 include:c.example ip4:192.0.2.0/24 -all"] },
			"c.example": "TIMEOUT",
			"m1.example.org": { A: ["192.0.2.2", "192.0.2.1"] },
		};
		const first = await analyze(zone);
		for (let seed = 1; seed <= 5; seed++) {
			const inner = zoneResolver(zone);
			let count = 0;
			const resolve = async (name: string, type: RecordType): Promise<DnsAnswer> => {
				count += 1;
				const wait = (count * 7919 * seed) % 5;
				for (let at = 0; at < wait; at++) await new Promise((done) => setImmediate(done));
				const answer = await inner.resolve(name, type);
				return { ...answer, answers: [...answer.answers].reverse() };
			};
			expect(await analyzeSpf({ domain: "EXAMPLE.org.", resolver: { resolve } })).toEqual(first);
		}
	});
	it("stays bounded on hostile trees, and says so", async () => {
		const wide = Array.from({ length: 700 }, (_, at) => `include:t${at}.example`).join(" ");
		const deep: Record<string, { TXT: string[] }> = { "example.org": { TXT: ["v=spf1 include:d0.example -all"] } };
		for (let at = 0; at < 100; at++) deep[`d${at}.example`] = { TXT: [`v=spf1 include:d${at + 1}.example`] };
		for (const zone of [{ "example.org": { TXT: [`v=spf1 ${wide}`] }, "*.example": { TXT: [`v=spf1 ${wide}`] } }, deep] as Zone[]) {
			const resolver = zoneResolver(zone);
			const started = performance.now();
			const analysis = await analyzeSpf({ domain: "example.org", resolver });
			expect(performance.now() - started).toBeLessThan(15_000);
			expect(resolver.asked.length).toBeLessThanOrEqual(600);
			expect(analysis.capped).toBe(true);
			expect(analysis.lookups.count).toBeGreaterThan(10);
			expect(analysis.lookups.status).toBe("incomplete");
			expect(analysis.lookups.unknown.some((item) => item.code === "too_large")).toBe(true);
		}
	});
	it.each([
		["include:", 1],
		[" ", 1],
		["a:h%{d}.example ", 1],
		["a ", 1],
		["ip4:192.0.2.1 -ip4:192.0.2.0/24 ", 1],
		["exists:%{%{", 1],
		["?include:x.example ", 1],
	])("is quick on 60 kB of %j", async (unit) => {
		const started = performance.now();
		const analysis = await own(`v=spf1 ${unit.repeat(Math.ceil(60_000 / unit.length))}`);
		expect(performance.now() - started).toBeLessThan(15_000);
		expect(JSON.stringify(analysis).length).toBeLessThan(20_000_000);
	});
	it("never throws, and never calls a question complete when one of its lookups failed", async () => {
		const term = fc.constantFrom(
			"mx",
			"a",
			"a:h.example",
			"include:i.example",
			"include:j.example",
			"exists:h.example",
			"redirect=i.example",
			"-all",
			"~all",
			"ip4:192.0.2.1",
			"include:%{i}.x",
			"x=y",
			"ptr",
			"foo",
		);
		const record = fc.array(term, { maxLength: 5 }).map((terms) => `v=spf1 ${terms.join(" ")}`);
		const texts = fc.oneof(
			{ weight: 4, arbitrary: fc.array(record, { minLength: 1, maxLength: 1 }) },
			{ weight: 1, arbitrary: fc.constantFrom<"TIMEOUT" | "SERVFAIL">("TIMEOUT", "SERVFAIL") },
			{ weight: 1, arbitrary: fc.array(fc.string({ unit: "binary" }), { maxLength: 3 }) },
		);
		await fc.assert(
			fc.asyncProperty(texts, texts, texts, async (a, b, c) => {
				const inner = zoneResolver({ "example.org": { TXT: a }, "i.example": { TXT: b }, "j.example": { TXT: c }, "h.example": "TIMEOUT" });
				const failed = new Set<string>();
				const resolve = async (name: string, type: RecordType): Promise<DnsAnswer> => {
					const answer = await inner.resolve(name, type);
					if (answer.status === "error" && type === "TXT") failed.add(name);
					return answer;
				};
				const analysis = await analyzeSpf({ domain: "example.org", resolver: { resolve } });
				const rest: SpfQuestion[] = [analysis.lookups, analysis.voidLookups, analysis.loops, analysis.targets, analysis.addresses, analysis.registrable];
				if (failed.size > 0) for (const question of rest) expect(question.status).toBe("incomplete");
			}),
			{ numRuns: 1000 },
		);
	});
	it("allows exactly the addresses that check_host() passes", async () => {
		const ip = fc.tuple(fc.constantFrom(192, 10), fc.nat({ max: 1 }), fc.constant(2), fc.nat({ max: 15 })).map((parts) => parts.join("."));
		const network = fc.tuple(ip, fc.integer({ min: 26, max: 32 })).map(([address, prefix]) => `ip4:${address}/${prefix}`);
		const name = fc.oneof(
			{ weight: 4, arbitrary: network },
			fc.constantFrom("a:h.example", "a:h.example/30", "mx:h.example/29", "include:i.example", "include:j.example", "all", "ip6:2001:db8::/32"),
		);
		const record = fc
			.tuple(
				fc.array(
					fc.tuple(fc.constantFrom("", "-", "~", "?", "+"), name).map((pair) => pair.join("")),
					{ maxLength: 6 },
				),
				fc.constantFrom("", " redirect=j.example"),
			)
			.map(([terms, redirect]) => `v=spf1 ${terms.join(" ")}${redirect}`);
		await fc.assert(
			fc.asyncProperty(record, record, record, async (top, first, second) => {
				const noLoop = (text: string, names: string[]): string =>
					names.reduce((kept, gone) => kept.replaceAll(new RegExp(`\\S*${gone}\\.example`, "g"), ""), text);
				const zone: Zone = {
					"example.org": { TXT: [top] },
					"i.example": { TXT: [noLoop(first, ["i"])] },
					"j.example": { TXT: [noLoop(second, ["i", "j"])] },
					"h.example": {
						A: ["192.0.2.1", "10.1.2.9"],
						MX: [
							[1, "m.example"],
							[2, "none.example"],
						],
					},
					"m.example": { A: ["192.1.2.5"] },
				};
				const { addresses, lookups } = await analyze(zone);
				expect(addresses.status).toBe("complete");
				let passed = 0;
				const passes = (await analyze({ "example.org": { TXT: [`v=spf1 ${addresses.ipv4.ranges.map((range) => `ip4:${range}`).join(" ")} -all`] } })).addresses
					.ipv4;
				expect(passes.total).toBe(addresses.ipv4.total);
				for (const a of [192, 10, 11]) {
					for (const b of [0, 1]) {
						for (let d = 0; d < 64; d += 1) {
							const client = `${a}.${b}.2.${d}`;
							const common = { ip: client, sender: "u@example.org", maxLookups: 1000, maxVoidLookups: 1000 };
							const real = await checkHost({ ...common, resolver: zoneResolver(zone) });
							const flat = await checkHost({
								...common,
								resolver: zoneResolver({ "example.org": { TXT: [`v=spf1 ${addresses.ipv4.ranges.map((range) => `ip4:${range}`).join(" ")} -all`] } }),
							});
							expect([client, real.result === "pass", real.lookups <= lookups.count]).toEqual([client, flat.result === "pass", true]);
							if (real.result === "pass") passed += 1;
						}
					}
				}
				expect(passed <= addresses.ipv4.total).toBe(true);
			}),
			{ numRuns: 40 },
		);
	}, 60_000);
});
