import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSpf, parseSpf, scanSpf } from "./record.ts";

const valid = [
	"v=spf1",
	"v=spf1 ",
	"V=SPF1 -ALL",
	"v=spf1   mx    -all   ",
	"v=spf1 a a:example.com a/24 a//64 a/24//64 a:example.com/0//0 a:example.com//128 -all",
	"v=spf1 mx mx:example.com/32 MX:Example.COM./24 ?all",
	"v=spf1 ptr ptr:example.com ~all",
	"v=spf1 ip4:0.0.0.0/0 ip4:255.255.255.255/32 ip4:192.0.2.1",
	"v=spf1 ip6:::/0 ip6:2001:db8::1 ip6:::ffff:192.0.2.1/128 ip6:2001:DB8::/32",
	"v=spf1 exists:%{ir}.%{l1r+-}._spf.%{d} -all",
	"v=spf1 include:_spf.%{d2}",
	"v=spf1 a:%{d}/24//64",
	"v=spf1 a:foo:bar/baz.example.com",
	"v=spf1 a:example.1-2 a:example.1a a:example.c-d",
	"v=spf1 a:%%.example.com a:x%_%-.example.com a:example%%",
	"v=spf1 redirect=_spf.example.com",
	"v=spf1 exp=explain._spf.%{d} -all redirect=a.example",
	"v=spf1 moo.cow-far_out=man:dog/cat -all",
	"v=spf1 default= x=%{c}%{r}%{t} a=b include=x",
	"v=spf1 a:%{D4R.-+,/_=}.example.com",
	"v=spf1 a:%{d999999999999999999999999}.example.com",
	"v=spf1 a:.example.com a:a..b.com",
];

/** Record, position of the faulty term, offset of the very character. */
const invalid: readonly [string, number, number][] = [
	["", 0, 0],
	["v=spf10", 0, 0],
	["v=spf1\t-all", 0, 0],
	[" v=spf1 -all", 0, 0],
	["v=spf1 foo -all", 7, 7],
	["v=spf1 ip:192.0.2.1", 7, 7],
	["v=spf1 -all ip:10.0.0.1", 12, 12],
	["v=spf1 all/32", 7, 10],
	["v=spf1 all: -all", 7, 10],
	["v=spf1 --all", 7, 8],
	["v=spf1 +", 7, 7],
	["v=spf1 -", 7, 7],
	["v=spf1 = -all", 7, 7],
	["v=spf1 mx\t-all", 7, 9],
	["v=spf1 mx,-all", 7, 7],
	["v=spf1 include", 7, 14],
	["v=spf1 include: -all", 7, 15],
	["v=spf1 include:com", 7, 15],
	["v=spf1 include:example.com/24", 7, 23],
	["v=spf1 include:example.123", 7, 23],
	["v=spf1 include:example.-a include:x.com", 7, 23],
	["v=spf1 include:example..", 7, 23],
	["v=spf1 exists", 7, 13],
	["v=spf1 ptr/24", 7, 10],
	["v=spf1 ptr: -all", 7, 11],
	["v=spf1 a: -all", 7, 9],
	["v=spf1 a/ -all", 7, 8],
	["v=spf1 a// -all", 7, 8],
	["v=spf1 a/33 -all", 7, 8],
	["v=spf1 a/024", 7, 8],
	["v=spf1 a//129", 7, 8],
	["v=spf1 a/24/64", 7, 11],
	["v=spf1 a:example.com:8080", 7, 17],
	["v=spf1 ip4:192.0.2 -all", 7, 11],
	["v=spf1 ip4:192.0.2.256", 7, 11],
	["v=spf1 ip4:192.0.02.1", 7, 11],
	["v=spf1 ip4:192.0.2.0/33", 7, 20],
	["v=spf1 ip4:192.0.2.0/", 7, 20],
	["v=spf1 ip4:192.0.2.0//24", 7, 20],
	["v=spf1 ip4:2001:db8::1", 7, 11],
	["v=spf1 ip4", 7, 10],
	["v=spf1 ip6:192.0.2.1", 7, 11],
	["v=spf1 ip6:2001:db8::1::2", 7, 11],
	["v=spf1 ip6:fe80::1%eth0", 7, 11],
	["v=spf1 ip6:2001:db8::/129", 7, 21],
	["v=spf1 ip6:[2001:db8::1]", 7, 11],
	["v=spf1 redirect=a.example redirect=b.example", 26, 26],
	["v=spf1 exp=a.example mx EXP=a.example", 24, 24],
	["v=spf1 redirect= -all", 7, 16],
	["v=spf1 redirect:a.example", 7, 7],
	["v=spf1 -redirect=a.example", 7, 7],
	["v=spf1 exp=%{c}.example", 7, 13],
	["v=spf1 exists:%{r}.example.com", 7, 16],
	["v=spf1 exists:%(ir).sbl.example.org", 7, 14],
	["v=spf1 exists:%{x}.example.org", 7, 16],
	["v=spf1 exists:%{d0}.example.org", 7, 17],
	["v=spf1 exists:%{dr2}.example.org", 7, 18],
	["v=spf1 exists:%{d;}.example.org", 7, 17],
	["v=spf1 exists:%{d", 7, 14],
	["v=spf1 exists:%{d}.example%", 7, 26],
	["v=spf1 exists:%{d}com", 7, 18],
	["v=spf1 x=%{ -all", 7, 10],
	["v=spf1 1x=y -all", 7, 7],
	["v=spf1 a:ex\u00e4mple.com -all", 7, 11],
	["v=spf1 x=\u00e4", 7, 9],
	["v=spf1 a:example.com\0 -all", 7, 20],
	["v=spf1 \u2010all", 7, 7],
	["v=spf1 mx\r\n-all", 7, 9],
	["v=spf1 mx -all;", 10, 11],
	['v=spf1 "mx" -all', 7, 7],
];

describe("parseSpf", () => {
	it.each(valid)("accepts %s", (text) => {
		const parsed = parseSpf(text);
		expect(parsed.ok ? undefined : parsed.error).toBeUndefined();
	});
	it.each(invalid)("refuses %j at %i", (text, position, offset) => {
		const parsed = parseSpf(text);
		expect(parsed).toMatchObject({ ok: false, error: { position, offset } });
	});
	it("keeps dual CIDR lengths per term", () => {
		const parsed = parseSpf("v=spf1 a:mail.example.org/28 mx/30//64 a//96 -all");
		expect(parsed.ok && parsed.record.mechanisms.map(({ name, domainSpec, prefix4, prefix6 }) => [name, domainSpec, prefix4, prefix6])).toEqual([
			["a", "mail.example.org", 28, 128],
			["mx", undefined, 30, 64],
			["a", undefined, 32, 96],
			["all", undefined, undefined, undefined],
		]);
	});
	it("selects by version followed by a space or the end", () => {
		expect(["v=spf1", "V=sPf1 x", "v=spf10 -all", "v=spf1;", "v=spf2.0", " v=spf1", "v=spf1\n"].map(isSpf)).toEqual([
			true,
			true,
			false,
			false,
			false,
			false,
			false,
		]);
	});
	it("goes on behind an error when scanning, and marks macro faults", () => {
		const { errors, record } = scanSpf("v=spf1 foo a:%{q}.com ip4:1.2.3 mx -all");
		expect(errors.map(({ term, macro }) => [term, macro])).toEqual([
			["foo", false],
			["a:%{q}.com", true],
			["ip4:1.2.3", false],
		]);
		expect(record.mechanisms.map((mechanism) => mechanism.name)).toEqual(["mx", "all"]);
	});
	it("shows octets outside printable ASCII as hex in messages", () => {
		const parsed = parseSpf("v=spf1 a:\x1b[31m\u00ff.com");
		expect(parsed.ok ? "" : `${parsed.error.message} ${parsed.error.term}`).toMatch(/^[\x20-\x7e]+$/);
	});
});

/** The grammar of RFC 7208 section 12 as one regular expression: an oracle written independently of the parser. */
const oracle = (() => {
	const expand = "(?:%\\{[slodiphvSLODIPHV](?!0+[^0-9])[0-9]*[rR]?[.\\-+,/_=]*\\}|%%|%_|%-)";
	const expandAny = expand.replace("slodiphvSLODIPHV", "slodiphvcrtSLODIPHVCRT");
	const literal = "[\\x21-\\x24\\x26-\\x7e]";
	const top = "(?:[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*|[A-Za-z0-9]+-[A-Za-z0-9-]*[A-Za-z0-9])";
	const spec = `(?:${expand}|${literal})*(?:\\.${top}\\.?|${expand})`;
	const c4 = "(?:/(?:3[0-2]|[12]?[0-9]))";
	const c6 = "(?:/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9]))";
	const q = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
	const h = "[0-9A-Fa-f]{1,4}";
	const ip6 = `(?:(?:${h}:){7}${h}|(?:${h}:){1,6}:${h}|(?:${h}:){1,7}:|::(?:${h}:){0,6}${h}|(?:${h}:){1,5}(?::${h}){1,2}|::)`;
	const directive = `[+\\-?~]?(?:all|include:${spec}|(?:a|mx)(?::${spec})?${c4}?(?:/${c6})?|ptr(?::${spec})?|ip4:${q}(?:\\.${q}){3}${c4}?|ip6:${ip6}${c6}?|exists:${spec})`;
	const modifier = `(?:(?:redirect|exp)=${spec}|(?!(?:redirect|exp)=)[A-Za-z][A-Za-z0-9\\-_.]*=(?:${expandAny}|${literal})*)`;
	const record = new RegExp(`^v=spf1(?: +(?:${directive}|${modifier}))* *$`, "i");
	return (text: string): boolean => record.test(text) && !/ redirect=.* redirect=/i.test(text) && !/ exp=.* exp=/i.test(text);
})();

const piece = fc.constantFrom(
	..." /:.%{}+-~?=0129dirsoxq_,".split(""),
	"\0",
	"\r",
	"\u00e9",
	"%{",
	"%{d}",
	"%{ir}",
	"%{l1r-}",
	"%%",
	"%-",
	"//",
	"/24",
	"all",
	"include:",
	" a:",
	" mx",
	" ptr",
	" ip4:",
	" ip6:",
	"exists:",
	" redirect=",
	" exp=",
	"192.0.2.1",
	"2001:db8::1",
	"example.com",
	".com",
	" x=",
	"256",
);

describe("parseSpf against the ABNF", () => {
	it("agrees with the grammar on records put together from its pieces", () => {
		let accepted = 0;
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
				const text = `v=spf1 ${pieces.join("")}`;
				const parsed = parseSpf(text);
				if (parsed.ok) accepted += 1;
				expect(parsed.ok).toBe(oracle(text));
			}),
			{ numRuns: 20_000, seed: 7208 },
		);
		expect(accepted).toBeGreaterThan(500);
	});
	it("agrees with the grammar on mutations of valid records", () => {
		const bases = valid.filter((text) => !text.includes("ffff"));
		fc.assert(
			fc.property(fc.constantFrom(...bases), fc.nat(), fc.nat({ max: 6 }), piece, (base, seed, drop, insert) => {
				const at = 7 + (seed % Math.max(1, base.length - 6));
				const text = base.slice(0, at) + insert + base.slice(at + drop);
				if (!/^v=spf1(?: |$)/i.test(text)) return;
				expect(parseSpf(text).ok).toBe(oracle(text));
			}),
			{ numRuns: 20_000, seed: 7208 },
		);
	});
	it("drops, repeats and reorders terms as the ABNF says", () => {
		const terms = ["mx", "a:example.com/24", "-all", "exp=e.example.com", "redirect=r.example.com", "x=y", "ip4:192.0.2.0/24"];
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...terms), { maxLength: 10 }), (list) => {
				const twice = (name: string): boolean => list.filter((term) => term.startsWith(name)).length > 1;
				expect(parseSpf(["v=spf1", ...list].join("  ")).ok).toBe(!twice("exp=") && !twice("redirect="));
			}),
		);
	});
	it("takes any text without throwing, with a position inside it", () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string({ unit: "binary" }),
					fc.string().map((text) => `v=spf1 ${text}`),
				),
				(text) => {
					const parsed = parseSpf(text);
					if (parsed.ok) expect(parsed.record.terms.every((term) => text.startsWith(term.text, term.position))).toBe(true);
					else expect(parsed.error.offset >= parsed.error.position && parsed.error.offset <= text.length).toBe(true);
				},
			),
			{ numRuns: 2000 },
		);
	});
	it.each([
		["include:", 64_000],
		[" ", 64_000],
		["%{d", 64_000],
		["%{d}", 64_000],
		["%{%{", 64_000],
		["a.", 64_000],
		["/24", 64_000],
		[" a", 64_000],
		[" ip4:1.2.3.4/", 64_000],
		["x=", 64_000],
		["%{d1111111", 64_000],
	])("is linear on %j repeated", (unit, length) => {
		const started = performance.now();
		for (const head of ["v=spf1 ", "v=spf1 a:", "v=spf1 x=", "v=spf1 ip6:"]) parseSpf(head + unit.repeat(Math.ceil(length / unit.length)));
		expect(performance.now() - started).toBeLessThan(3000);
	});
});
