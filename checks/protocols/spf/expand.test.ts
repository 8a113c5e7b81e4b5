import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIp, parseIp, reverseName } from "./address.ts";
import type { MacroValues } from "./expand.ts";
import { expandDomain, expandText } from "./expand.ts";
import { parseDomainSpec, parseMacroString } from "./macro.ts";

const v4 = { family: 4, bits: 0xc0000203n } as const;
const values: MacroValues = {
	ip: v4,
	localPart: "strong-bad",
	senderDomain: "email.example.com",
	domain: "email.example.com",
	helo: "mx.example.org",
	receiver: "receiver.example",
	timestamp: 1234567890,
	validatedName: "mx.example.org",
};
const v6 = { ...values, ip: parseIp("2001:db8::cb01") ?? v4 };

function expand(text: string, using: MacroValues = values): string {
	const parsed = parseDomainSpec(text);
	if (!parsed.ok) throw new Error(parsed.message);
	return expandDomain(parsed.tokens, using);
}

function explain(text: string, using: MacroValues = values): string | undefined {
	const parsed = parseMacroString(text, "explanation");
	if (!parsed.ok) throw new Error(parsed.message);
	return expandText(parsed.tokens, using, 4096);
}

describe("macro expansion, RFC 7208 section 7.4", () => {
	it.each([
		["%{s}", "strong-bad@email.example.com"],
		["%{o}", "email.example.com"],
		["%{d}", "email.example.com"],
		["%{d4}", "email.example.com"],
		["%{d3}", "email.example.com"],
		["%{d2}", "example.com"],
		["%{d1}", "com"],
		["%{dr}", "com.example.email"],
		["%{d2r}", "example.email"],
		["%{d1r}", "email"],
		["%{l}", "strong-bad"],
		["%{l-}", "strong.bad"],
		["%{lr}", "strong-bad"],
		["%{lr-}", "bad.strong"],
		["%{l1r-}", "strong"],
		["%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"],
		["%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"],
		["%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"],
		["%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"],
		["%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"],
		["%{p}", "mx.example.org"],
		["%{h}", "mx.example.org"],
	])("%s", (text, expected) => {
		expect(expand(text)).toBe(expected);
	});
	it("expands an IPv6 address to nibbles", () => {
		expect(expand("%{ir}.%{v}._spf.%{d2}", v6)).toBe("1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com");
	});
	it("resolves %%, %_ and %-, and the letters of explanations", () => {
		expect(explain("100%%%_of%-%{c} at %{t} by %{r}")).toBe("100% of%20192.0.2.3 at 1234567890 by receiver.example");
		expect(explain("%{c} %{i}", v6)).toBe(`2001:db8::cb01 ${"2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.b.0.1"}`);
	});
	it("escapes the value of an upper case letter", () => {
		expect(explain("%{S} %{L} %{D}", { ...values, localPart: "a+b/c=d e\u00e9~" })).toBe(
			"a%2Bb%2Fc%3Dd%20e%C3%A9~%40email.example.com a%2Bb%2Fc%3Dd%20e%C3%A9~ email.example.com",
		);
		expect(expand("%{L-}.example.com")).toBe("strong.bad.example.com");
	});
	it("splits at any of the delimiters and rejoins with dots", () => {
		expect(expand("%{l+-_}.x.com", { ...values, localPart: "a+b-c_d.e" })).toBe("a.b.c.d.e.x.com");
		expect(expand("%{l2r+-}.x.com", { ...values, localPart: "a+b-c" })).toBe("b.a.x.com");
	});
	it("cuts whole labels from the left beyond 253 characters", () => {
		const label = "x".repeat(49);
		const domain = `first.${[label, label, label, label, label].join(".")}.com`;
		expect(domain.length).toBeGreaterThan(253);
		const cut = expand("%{l}.%{d}", { ...values, domain });
		expect(cut).toBe([label, label, label, label, label, "com"].join("."));
		const exact = `${"y".repeat(63)}.${"y".repeat(63)}.${"y".repeat(63)}.${"y".repeat(57)}.com`;
		expect(exact.length).toBe(253);
		expect(expand(exact)).toBe(exact);
		expect(expand(`a.${exact}`)).toBe(exact);
		expect(expand(`${exact}.`)).toBe(exact);
	});
	it("cuts as the definition says, whatever the labels", () => {
		fc.assert(
			fc.property(fc.array(fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 70 }), { maxLength: 12 }), (parts) => {
				const text = `${parts.join("")}.com`;
				let expected = text;
				while (expected.length > 253) expected = expected.includes(".") ? expected.slice(expected.indexOf(".") + 1) : "";
				expect(expand(text)).toBe(expected);
			}),
		);
	});
	it("stays linear on thousands of macros", () => {
		const parsed = parseMacroString("%{s1r+-}".repeat(8000));
		const started = performance.now();
		if (parsed.ok) expandDomain(parsed.tokens, { ...values, localPart: "+".repeat(900) });
		expect(parsed.ok && performance.now() - started < 2000).toBe(true);
	});
	it("gives up on an endless explanation", () => {
		expect(explain("%{s}".repeat(1000))).toBeUndefined();
	});
});

describe("addresses", () => {
	it.each([
		["192.0.2.3", "192.0.2.3"],
		["::ffff:192.0.2.3", "192.0.2.3"],
		["::FFFF:c000:203", "192.0.2.3"],
		["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
		["::", "::"],
		["::1", "::1"],
		["1::", "1::"],
		["fe80::1%eth0", "fe80::1"],
		["1:0:2:0:3:0:4:0", "1:0:2:0:3:0:4:0"],
		["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
	])("reads %s", (text, expected) => {
		const ip = parseIp(text);
		expect(ip && formatIp(ip)).toBe(expected);
	});
	it("refuses what is no address", () => {
		for (const text of ["", "1.2.3", "1.2.3.4.5", "01.2.3.4", ":::", "1.2.3.4/24", "x".repeat(1e5)]) expect(parseIp(text)).toBeUndefined();
	});
	it("round-trips", () => {
		fc.assert(
			fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
				const ip = parseIp(text);
				expect(ip && parseIp(formatIp(ip))).toEqual(ip);
			}),
		);
		expect(reverseName(v4)).toBe("3.2.0.192.in-addr.arpa");
	});
});
