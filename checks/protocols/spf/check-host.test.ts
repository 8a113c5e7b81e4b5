import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Resolver } from "../resolver.ts";
import type { Zone } from "../testing/zone-resolver.ts";
import { zoneResolver } from "../testing/zone-resolver.ts";
import type { CheckHostOptions } from "./check-host.ts";
import { checkHost } from "./check-host.ts";

function check(zone: Zone, options: Partial<CheckHostOptions> = {}) {
	return checkHost({ ip: "192.0.2.1", sender: "user@example.org", helo: "mx.example.org", resolver: zoneResolver(zone), ...options });
}

async function result(record: string | readonly unknown[], extra: Zone = {}, options: Partial<CheckHostOptions> = {}): Promise<string> {
	return (await check({ "example.org": { TXT: typeof record === "string" ? [record] : record }, ...extra }, options)).result;
}

describe("checkHost: identities", () => {
	it("falls back to postmaster@helo for an empty sender", async () => {
		const zone = { "mx.example.org": { TXT: ["v=spf1 -all exp=e.example.org"] }, "e.example.org": { TXT: ["%{s} %{l} %{o} %{h}"] } };
		for (const sender of ["", "<>", " <> "]) {
			expect(await check(zone, { sender })).toMatchObject({
				result: "fail",
				explanation: "postmaster@mx.example.org postmaster mx.example.org mx.example.org",
			});
		}
		expect(await check(zone, { sender: "<>", helo: "" })).toMatchObject({ result: "none" });
		expect(await check(zone, { sender: "@mx.example.org" })).toMatchObject({ explanation: expect.stringContaining("postmaster@mx.example.org") as string });
		expect(await check(zone, { sender: "mx.example.org" })).toMatchObject({ explanation: expect.stringContaining("postmaster@") as string });
	});
	it("takes the last @ of a quoted local part, angle brackets and a trailing dot", async () => {
		const zone = { "example.org": { TXT: ["v=spf1 -all exp=e.example.org"] }, "e.example.org": { TXT: ["%{l}|%{o}|%{d}"] } };
		expect((await check(zone, { sender: '<"a@b"@example.org.>' })).explanation).toBe('"a@b"|example.org|example.org');
	});
	it.each(["localhost", "a..example.org", `${"a".repeat(64)}.org`, `${"a.".repeat(130)}org`, "[192.0.2.1]", "exa\0mple.org", ".", ".org", "x".repeat(5000)])(
		"is none for the domain %j, without a question",
		async (domain) => {
			const resolver = zoneResolver({});
			expect(await checkHost({ ip: "192.0.2.1", sender: `user@${domain}`, resolver })).toEqual({ result: "none", lookups: 0, voidLookups: 0 });
			expect(resolver.asked).toEqual([]);
		},
	);
	it("asks for the A-label of a U-label domain", async () => {
		const zone = { "xn--bcher-kva.example": { TXT: ["v=spf1 include:_spf.%{d} -all"] }, "_spf.xn--bcher-kva.example": { TXT: ["v=spf1 +all"] } };
		expect((await check(zone, { sender: "user@b\u00fccher.example" })).result).toBe("pass");
	});
	it("does not match names made of a local part outside ASCII (RFC 8616)", async () => {
		expect(await result("v=spf1 exists:%{l}.x.example ?all", { "*.x.example": { A: ["127.0.0.2"] } }, { sender: "us\u00e9r@example.org" })).toBe("neutral");
		expect(await result("v=spf1 exists:%{l}.x.example ?all", { "*.x.example": { A: ["127.0.0.2"] } }, { sender: "user@example.org" })).toBe("pass");
	});
	it("gives permerror, never pass, for a client that is no address", async () => {
		expect(await result("v=spf1 +all", {}, { ip: "not an address" })).toBe("permerror");
	});
});

describe("checkHost: records", () => {
	it("selects by version, counts records, joins strings without a space", async () => {
		expect(await result(["other", "v=spf10 -all", "v=spf1 +all", "spf2.0/pra -all"])).toBe("pass");
		expect(await result(["v=spf1 +all", "V=SPF1 -all"])).toBe("permerror");
		expect(await result(["v=spf10 -all"])).toBe("none");
		expect(await result([["v=spf1 ip4:192.0", ".2.1 -all"]])).toBe("pass");
		expect(await result([["v=spf1", " +all"]])).toBe("pass");
		expect(await result([["v=spf1", "+all"]])).toBe("none");
		expect(await result([["", "v=spf1 -all", ""]])).toBe("fail");
		expect(await result([...Array.from({ length: 63 }, (_, at) => `site-verification=${at}`), "v=spf1 -all"])).toBe("fail");
	});
	it("keeps no record, no domain and no answer apart", async () => {
		expect((await check({})).result).toBe("none");
		expect((await check({ "example.org": { A: ["192.0.2.1"] } })).result).toBe("none");
		for (const fault of ["SERVFAIL", "TIMEOUT", "REFUSED", "TRUNCATED", "MALFORMED"] as const)
			expect((await check({ "example.org": fault })).result).toBe("temperror");
		expect((await check({ "example.org": { CNAME: "example.org" } })).result).toBe("temperror");
		expect((await check({ "example.org": { CNAME: "a.example" }, "a.example": { TXT: ["v=spf1 +all"] } })).result).toBe("pass");
	});
	it("refuses the whole record for one error anywhere", async () => {
		expect(await result("v=spf1 ip4:192.0.2.1 -all ip:10.0.0.1")).toBe("permerror");
		expect(await result("v=spf1 +all moo")).toBe("permerror");
		expect(await result([Buffer.from("v=spf1 +all x=\u00e9", "utf8")])).toBe("permerror");
	});
	it("ignores non-ASCII in TXT records that are not SPF", async () => {
		expect(await result([Buffer.from("h\u00e9llo", "utf8"), "v=spf1 +all"])).toBe("pass");
	});
	it("is case-insensitive and ignores unknown modifiers", async () => {
		expect(await result("V=SPF1 Moo=Cow IP4:192.0.2.1 -ALL")).toBe("pass");
	});
	it.each([
		["v=spf1", "neutral"],
		["v=spf1 all", "pass"],
		["v=spf1 +all", "pass"],
		["v=spf1 -all", "fail"],
		["v=spf1 ~all", "softfail"],
		["v=spf1 ?all", "neutral"],
		["v=spf1 -all +ip4:192.0.2.1", "fail"],
	])("%s gives %s", async (record, expected) => {
		expect(await result(record)).toBe(expected);
	});
	it("names the directive that decided", async () => {
		expect(await check({ "example.org": { TXT: ["v=spf1 ~ip4:192.0.2.0/24 -all"] } })).toMatchObject({ result: "softfail", mechanism: "~ip4:192.0.2.0/24" });
		expect((await check({ "example.org": { TXT: ["v=spf1"] } })).mechanism).toBeUndefined();
	});
});

describe("checkHost: mechanisms", () => {
	const hosts = {
		"h.example": { A: ["192.0.2.10"], AAAA: ["2001:db8:1::10"], MX: [[10, "m.example"]] },
		"m.example": { A: ["192.0.2.20"], AAAA: ["2001:db8:2::20"] },
	} as const;
	it.each([
		["a:h.example", "192.0.2.10", "pass"],
		["a:h.example", "192.0.2.11", "neutral"],
		["a:h.example/24", "192.0.2.11", "pass"],
		["a:h.example/24", "2001:db8:1::10", "pass"],
		["a:h.example/24", "2001:db8:1::11", "neutral"],
		["a:h.example//48", "2001:db8:1::11", "pass"],
		["a:h.example//48", "192.0.2.11", "neutral"],
		["a:h.example/31//64", "192.0.2.11", "pass"],
		["a:h.example/0", "203.0.113.9", "pass"],
		["mx:h.example", "192.0.2.20", "pass"],
		["mx:h.example", "192.0.2.10", "neutral"],
		["mx:h.example/28//32", "192.0.2.17", "pass"],
		["mx:h.example/28//32", "2001:db8:ffff::1", "pass"],
		["mx:h.example//48", "2001:db8:2::1", "pass"],
		["a:h.example", "::ffff:192.0.2.10", "pass"],
		["ip4:192.0.2.0/24", "::ffff:192.0.2.10", "pass"],
		["ip4:192.0.2.0/24", "2001:db8::192.0.2.10", "neutral"],
		["ip6:::/0", "192.0.2.10", "neutral"],
		["ip4:0.0.0.0/0", "2001:db8::1", "neutral"],
		["ip6:::1.1.1.1/0", "192.0.2.10", "neutral"],
		["ip6:::ffff:192.0.2.10", "192.0.2.10", "pass"],
		["ip6:2001:db8::/33", "2001:db8:8000::1", "neutral"],
		["ip6:2001:db8::/33", "2001:db8:7fff::1", "pass"],
		["ip4:192.0.2.77/24", "192.0.2.1", "pass"],
	])("%s for %s gives %s", async (term, ip, expected) => {
		expect(await result(`v=spf1 ${term} ?all`, hosts, { ip })).toBe(expected);
	});
	it("does not fall back to A where there is no MX, nor follows the null MX", async () => {
		expect(await result("v=spf1 mx -all", {})).toBe("fail");
		expect((await check({ "example.org": { TXT: ["v=spf1 mx -all"], A: ["192.0.2.1"], MX: [[0, "."]] } })).result).toBe("fail");
	});
	it("asks exists for A only", async () => {
		const zone = { "six.example": { AAAA: ["2001:db8::1"] }, "four.example": { A: ["127.0.0.2"] } };
		expect(await result("v=spf1 exists:six.example -all", zone, { ip: "2001:db8::1" })).toBe("fail");
		expect(await result("v=spf1 exists:four.example -all", zone, { ip: "2001:db8::1" })).toBe("pass");
	});
	it.each([
		["v=spf1 +all", "pass"],
		["v=spf1 -all", "softfail"],
		["v=spf1 ~all", "softfail"],
		["v=spf1 ?all", "softfail"],
		["v=spf1", "softfail"],
		["v=spf1 bad", "permerror"],
		["nothing", "permerror"],
	])("include of %s gives %s", async (record, expected) => {
		expect(await result("v=spf1 include:i.example ~all", { "i.example": { TXT: [record] } })).toBe(expected);
	});
	it("carries errors out of include in the order of evaluation", async () => {
		const zone = { "bad.example": "SERVFAIL", "broken.example": { TXT: ["v=spf1 x"] }, "two.example": { TXT: ["v=spf1", "v=spf1"] } } as const;
		expect(await result("v=spf1 include:bad.example include:broken.example +all", zone)).toBe("temperror");
		expect(await result("v=spf1 include:broken.example include:bad.example +all", zone)).toBe("permerror");
		expect(await result("v=spf1 include:two.example +all", zone)).toBe("permerror");
		expect(await result("v=spf1 ip4:192.0.2.1 include:bad.example", zone)).toBe("pass");
		expect(await result("v=spf1 a:bad.example +all", zone)).toBe("temperror");
		expect(await result("v=spf1 mx:bad.example +all", zone)).toBe("temperror");
		expect(await result("v=spf1 exists:bad.example +all", zone)).toBe("temperror");
		expect(await result("v=spf1 include:gone.example +all")).toBe("permerror");
	});
	it("skips mechanisms with names that cannot be asked, and treats such includes as none", async () => {
		expect(await result(`v=spf1 a:a..b.com exists:${"x".repeat(64)}.com mx:.com ?all`)).toBe("neutral");
		expect(await result("v=spf1 include:a..b.com +all")).toBe("permerror");
		expect(await result("v=spf1 redirect=a..b.com")).toBe("permerror");
	});
	it("follows redirect only where no all stands", async () => {
		const zone = { "r.example": { TXT: ["v=spf1 -all"] } };
		expect(await result("v=spf1 redirect=r.example", zone)).toBe("fail");
		expect(await result("v=spf1 redirect=r.example ip4:192.0.2.1", zone)).toBe("pass");
		expect(await result("v=spf1 redirect=r.example ?all", zone)).toBe("neutral");
		expect(await result("v=spf1 ?all redirect=none.example", zone)).toBe("neutral");
		expect(await result("v=spf1 redirect=none.example", zone)).toBe("permerror");
		expect(await result("v=spf1 redirect=bad.example", { "bad.example": "TIMEOUT" })).toBe("temperror");
	});
	it("validates ptr names, first ten only, and takes faults as no match", async () => {
		const reverse = "1.2.0.192.in-addr.arpa";
		const names = Array.from({ length: 12 }, (_, at) => `h${at}.example.org`);
		const zone = (good: string): Zone => ({ [reverse]: { PTR: names }, [good]: { A: ["192.0.2.1"] } });
		expect(await result("v=spf1 ptr -all", zone("h9.example.org"))).toBe("pass");
		expect(await result("v=spf1 ptr -all", zone("h10.example.org"))).toBe("fail");
		expect(await result("v=spf1 ptr:example.com -all", zone("h9.example.org"))).toBe("fail");
		expect(await result("v=spf1 ptr -all", { [reverse]: "SERVFAIL" })).toBe("fail");
		expect(
			await result("v=spf1 ptr -all", {
				[reverse]: { PTR: ["a.example.org", "b.example.org"] },
				"a.example.org": "TIMEOUT",
				"b.example.org": { A: ["192.0.2.1"] },
			}),
		).toBe("pass");
		expect(await result("v=spf1 ptr -all", { [reverse]: { PTR: ["evilexample.org"] }, "evilexample.org": { A: ["192.0.2.1"] } })).toBe("fail");
	});
	it("prefers the domain, then names below it, for %{p}, and says unknown without one", async () => {
		const zone = {
			"1.2.0.192.in-addr.arpa": { PTR: ["z.example", "m.example.org"] },
			"z.example": { A: ["192.0.2.1"] },
			"m.example.org": { A: ["192.0.2.1"] },
			"e.example.org": { TXT: ["%{p}"] },
		};
		const explained = async (from: Zone) => (await check({ "example.org": { TXT: ["v=spf1 -all exp=e.example.org"] }, ...from })).explanation;
		expect(await explained(zone)).toBe("m.example.org");
		expect(await explained({ ...zone, "m.example.org": "SERVFAIL" })).toBe("z.example");
		expect(await explained({ "e.example.org": { TXT: ["%{p}"] } })).toBe("unknown");
	});
});

describe("checkHost: limits", () => {
	const many = (count: number, zone: Record<string, { TXT: string[] }> = {}): Zone => {
		for (let at = 0; at < count; at++) zone[`i${at}.example`] = { TXT: ["v=spf1"] };
		return { ...zone, "example.org": { TXT: [`v=spf1 ${Array.from({ length: count }, (_, at) => `include:i${at}.example`).join(" ")} +all`] } };
	};
	it("allows ten lookup terms over the whole evaluation, and not one more", async () => {
		expect(await check(many(10))).toMatchObject({ result: "pass", lookups: 10 });
		expect(await check(many(11))).toMatchObject({ result: "permerror", lookups: 11 });
		expect(await check(many(11), { maxLookups: 11 })).toMatchObject({ result: "pass" });
		expect(await result("v=spf1 a a a a a a a a a redirect=r.example", { "r.example": { TXT: ["v=spf1 a +all"] } }, { maxVoidLookups: 20 })).toBe("permerror");
	});
	it("does not count all, ip4, ip6, exp", async () => {
		const zone = { "example.org": { TXT: [`v=spf1 ${"ip4:10.0.0.1 ip6:2001:db8::1 ".repeat(20)}-all exp=e.example`] }, "e.example": { TXT: ["no"] } };
		expect(await check(zone)).toEqual({ result: "fail", mechanism: "-all", explanation: "no", lookups: 0, voidLookups: 0 });
	});
	it("allows two void lookups, keeps the number configurable", async () => {
		expect(await check({ "example.org": { TXT: ["v=spf1 a:x.example exists:y.example +all"] } })).toMatchObject({ result: "pass", voidLookups: 2 });
		expect(await check({ "example.org": { TXT: ["v=spf1 a:x.example exists:y.example mx:z.example +all"] } })).toMatchObject({
			result: "permerror",
			voidLookups: 3,
		});
		expect(await result("v=spf1 a:x.example a:y.example a:z.example +all", {}, { maxVoidLookups: 3 })).toBe("pass");
		expect(await result("v=spf1 a:x.example +all", {}, { maxVoidLookups: 0 })).toBe("permerror");
	});
	it("refuses more than ten MX records whatever their order", async () => {
		const mx = (count: number) => Array.from({ length: count }, (_, at) => [at, `m${at}.example`]);
		const zone = (count: number): Zone => ({ "example.org": { TXT: ["v=spf1 mx -all"], MX: mx(count) }, "*.example": { A: ["192.0.2.1"] } });
		expect((await check(zone(10))).result).toBe("pass");
		expect((await check(zone(11))).result).toBe("permerror");
	});
	it("ends loops, also when no limit is wanted", async () => {
		expect(await result("v=spf1 include:example.org +all")).toBe("permerror");
		expect(await result("v=spf1 redirect=example.org")).toBe("permerror");
		expect(await result("v=spf1 include:example.org +all", {}, { maxLookups: Number.POSITIVE_INFINITY })).toBe("permerror");
		expect(await result("v=spf1 redirect=example.org", {}, { maxLookups: Number.NaN })).toBe("permerror");
	});
	it("ends with temperror when its time is over, or when the resolver throws", async () => {
		expect(await result("v=spf1 +all", {}, { signal: AbortSignal.abort() })).toBe("temperror");
		const throwing: Resolver = { resolve: () => Promise.reject(new Error("broken")) };
		expect((await check({}, { resolver: throwing })).result).toBe("temperror");
	});
});

describe("checkHost: explanations", () => {
	const explained = async (texts: readonly unknown[] | "SERVFAIL" | "NXDOMAIN", sender = "user@example.org") => {
		const zone: Zone = {
			"example.org": { TXT: ["v=spf1 -all exp=e.%{d}"] },
			"e.example.org": texts === "SERVFAIL" || texts === "NXDOMAIN" ? texts : { TXT: texts },
		};
		return (await check(zone, { sender })).explanation;
	};
	it("expands the text, strings joined", async () => {
		expect(await explained([["See http://%{d}/why?", "s=%{S}&i=%{I}"]])).toBe("See http://example.org/why?s=user%40example.org&i=192.0.2.1");
	});
	it("goes on as if there were none for faults, several records, syntax errors, other octets", async () => {
		expect(await explained("SERVFAIL")).toBeUndefined();
		expect(await explained("NXDOMAIN")).toBeUndefined();
		expect(await explained(["one", "two"])).toBeUndefined();
		expect(await explained(["%{w}"])).toBeUndefined();
		expect(await explained(["%(d)"])).toBeUndefined();
		expect(await explained([Buffer.from("h\u00e9", "utf8")])).toBeUndefined();
		expect(await explained([""])).toBeUndefined();
		expect(await explained(["%{l}"], "us\r\ner@example.org")).toBeUndefined();
	});
	it("belongs to the record that decided: not to includes, not to the record that redirects", async () => {
		const zone = {
			"example.org": { TXT: ["v=spf1 include:i.example redirect=r.example exp=own.example"] },
			"i.example": { TXT: ["v=spf1 -all exp=inc.example"] },
			"r.example": { TXT: ["v=spf1 -all exp=red.example"] },
			"own.example": { TXT: ["own"] },
			"inc.example": { TXT: ["included"] },
			"red.example": { TXT: ["redirected from %{o} to %{d}"] },
		};
		expect((await check(zone)).explanation).toBe("redirected from example.org to r.example");
		expect((await check({ ...zone, "r.example": { TXT: ["v=spf1 -all"] } })).explanation).toBeUndefined();
		expect((await check({ ...zone, "example.org": { TXT: ["v=spf1 include:i.example -all exp=own.example"] } })).explanation).toBe("own");
	});
});

describe("checkHost: RFC 7208 appendix A", () => {
	const base: Zone = {
		"example.com": {
			A: ["192.0.2.10", "192.0.2.11"],
			MX: [
				[10, "mail-a.example.com"],
				[20, "mail-b.example.com"],
			],
		},
		"amy.example.com": { A: ["192.0.2.65"] },
		"bob.example.com": { A: ["192.0.2.66"] },
		"mail-a.example.com": { A: ["192.0.2.129"] },
		"mail-b.example.com": { A: ["192.0.2.130"] },
		"example.org": { MX: [[10, "mail-c.example.org"]] },
		"mail-c.example.org": { A: ["192.0.2.140"] },
		"10.2.0.192.in-addr.arpa": { PTR: ["example.com"] },
		"65.2.0.192.in-addr.arpa": { PTR: ["amy.example.com"] },
		"140.2.0.192.in-addr.arpa": { PTR: ["mail-c.example.org"] },
		"4.0.0.10.in-addr.arpa": { PTR: ["bob.example.com"] },
	};
	it.each([
		["v=spf1 +all", ["10.9.9.9"], []],
		["v=spf1 a -all", ["192.0.2.10", "192.0.2.11"], ["192.0.2.12"]],
		["v=spf1 a:example.org -all", [], ["192.0.2.10", "192.0.2.140"]],
		["v=spf1 mx -all", ["192.0.2.129", "192.0.2.130"], ["192.0.2.10"]],
		["v=spf1 mx:example.org -all", ["192.0.2.140"], ["192.0.2.129"]],
		["v=spf1 mx mx:example.org -all", ["192.0.2.129", "192.0.2.130", "192.0.2.140"], ["192.0.2.10"]],
		["v=spf1 mx/30 mx:example.org/30 -all", ["192.0.2.131", "192.0.2.143"], ["192.0.2.132", "192.0.2.144"]],
		["v=spf1 ptr -all", ["192.0.2.10", "192.0.2.65"], ["192.0.2.140", "10.0.0.4"]],
		["v=spf1 ip4:192.0.2.128/28 -all", ["192.0.2.129"], ["192.0.2.65"]],
	])("%s", async (record, pass, fail) => {
		const node = base["example.com"];
		const zone: Zone = { ...base, "example.com": { ...(typeof node === "object" ? node : {}), TXT: [record] } };
		for (const ip of pass) expect((await check(zone, { ip, sender: "u@example.com" })).result).toBe("pass");
		for (const ip of fail) expect((await check(zone, { ip, sender: "u@example.com" })).result).toBe("fail");
	});
});

describe("checkHost on hostile input", () => {
	it("takes any record, sender, HELO and address, and ends with one of the seven results", async () => {
		const results = ["none", "neutral", "pass", "fail", "softfail", "temperror", "permerror"];
		await fc.assert(
			fc.asyncProperty(
				fc.string({ unit: "binary" }),
				fc.string({ unit: "binary" }),
				fc.string({ unit: "binary" }),
				fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()),
				async (text, local, helo, ip) => {
					const got = await check({ "example.org": { TXT: [`v=spf1 ${text} exists:%{l}.%{h}.example.org`] } }, { ip, helo, sender: `${local}@example.org` });
					expect(results).toContain(got.result);
				},
			),
			{ numRuns: 500 },
		);
	});
	it("asks a bounded number of questions of a hostile tree", async () => {
		const terms = Array.from({ length: 200 }, (_, at) => `include:t${at}.example`).join(" ");
		const resolver = zoneResolver({ "example.org": { TXT: [`v=spf1 ${terms}`] }, "*.example": { TXT: [`v=spf1 ${terms}`] } });
		expect(await checkHost({ ip: "192.0.2.1", sender: "u@example.org", resolver })).toMatchObject({ result: "permerror", lookups: 11 });
		expect(resolver.asked.length).toBeLessThanOrEqual(11);
	});
	it("stays quick on a 60 kB record of macros", async () => {
		const started = performance.now();
		await result(`v=spf1 exists:${"%{s1r+-}".repeat(7500)}.com ?all`, {}, { sender: `${"a+".repeat(400)}@example.org` });
		expect(performance.now() - started).toBeLessThan(2000);
	});
});
