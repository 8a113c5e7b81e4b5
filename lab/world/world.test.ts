import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalAddress, parseEndpoint, reverseName } from "../address.ts";
import { type LabWorld, loadWorld, patchWorld, startLab, WorldError } from "../index.ts";

function faultsOf(yaml: string): readonly string[] {
	try {
		loadWorld(yaml, "w.yaml");
		return [];
	} catch (error) {
		if (error instanceof WorldError) return error.faults;
		throw error;
	}
}

describe("a world's file", () => {
	it("is refused with file, line and place of every fault", () => {
		const yaml = `
dns:
  names:
    a.example: {A: 1.2.3}
    b.example:
      MX: [10 x.example, bad]
    c.example: {CNME: x}
    d.example: {CNAME: a.example, TXT: beside}
    e..example: {A: 192.0.2.1}
    f.example: {TXT: "\\u20ac"}
    g.example:
      TLSA: 3 1 1 abc
      CAA: issue ca.example
      SOA: too short
      TYPE9: '\\# 2 00'
  faults: {a.example/NOPE: servfail, b.example: explode}
smtp:
  192.0.2.1: {host: a.example, startls: absent}
  999.1.1.1: {host: a.example}
  192.0.2.2:
    host: a.example
    tls: {certificate: unheard-of}
https:
  h.example: {policy: {stat: 200}}
extra: 1
`;
		const faults = faultsOf(yaml);
		const expected: [line: number, text: string][] = [
			[4, "a.example > A: expected an IPv4 address"],
			[6, 'b.example > MX > 1: expected "<preference> <host>"'],
			[7, 'unknown record type "CNME"'],
			[8, "a name with a CNAME holds nothing else"],
			[9, "empty label"],
			[10, "is no octet"],
			[12, "g.example > TLSA"],
			[13, "g.example > CAA"],
			[14, "g.example > SOA"],
			[15, "g.example > TYPE9"],
			[16, "a.example/NOPE: expected a name"],
			[16, "dns > faults > b.example"],
			[18, "192.0.2.1 > startls: unknown key"],
			[19, "999.1.1.1: expected an address"],
			[24, "policy > stat: unknown key"],
			[25, "extra: unknown key"],
		];
		for (const [line, text] of expected) expect(faults.filter((fault) => fault.startsWith(`w.yaml:${line}: `) && fault.includes(text))).toHaveLength(1);
		expect(faults).toHaveLength(expected.length);
		// References are checked once the shapes are right.
		expect(faultsOf("dns: {names: {}}\nsmtp:\n  192.0.2.2:\n    host: a.example\n    tls: {certificate: unheard-of}\n")).toEqual([
			expect.stringContaining('w.yaml:5: smtp > 192.0.2.2 > tls > certificate: no certificate "unheard-of"; known are valid, expired'),
		]);
	});

	it("is refused when it is no YAML, repeats a key or is no mapping", () => {
		expect(faultsOf("dns: [\n")[0]).toMatch(/^w\.yaml:2: /);
		expect(faultsOf("dns: {names: {}}\ndns: {names: {}}\n")[0]).toMatch(/^w\.yaml:2: .*unique/);
		expect(faultsOf("")[0]).toMatch(/^w\.yaml:1: \(whole file\)/);
	});

	it("of any text is a world or a WorldError", () => {
		const piece = fc.constantFrom(
			"dns:",
			"\n",
			"  ",
			"names",
			": ",
			"{",
			"}",
			"[",
			"]",
			"smtp",
			"192.0.2.1",
			"TXT",
			"&a",
			"*a",
			"<<",
			"!!binary",
			'"',
			"host",
			"- ",
			"\t",
			"#",
		);
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
				),
				(text) => {
					try {
						expect(loadWorld(text, "any.yaml")).toHaveProperty("dns");
					} catch (error) {
						expect(error).toBeInstanceOf(WorldError);
					}
				},
			),
		);
	});
});

describe("the README's example", () => {
	it("is a world that starts", async () => {
		const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
		const lab = await startLab(loadWorld(/```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? "", "README.md"));
		expect(lab.network.resolvers).toHaveLength(2);
		expect(Object.keys(lab.network.connect)).toEqual(["192.0.2.10:25", "192.0.2.11:25", "192.0.2.53:53", "192.0.2.80:443", "[2001:db8::10]:25"]);
		await lab.close();
	});
});

describe("a patch", () => {
	const base: LabWorld = {
		dns: { names: { "a.example": { A: ["192.0.2.1", "192.0.2.2"], TXT: "one" } } },
		smtp: { "192.0.2.1": { host: "a.example" }, "192.0.2.2": { host: "a.example" } },
	};

	it("puts one fault in, replaces lists, takes keys away, and leaves the base as it was", () => {
		const before = structuredClone(base);
		const patched = patchWorld(base, {
			dns: { names: { "a.example": { A: ["192.0.2.9"], TXT: null } }, faults: { "a.example/MX": "servfail" } },
			smtp: { "192.0.2.1": { refuse: true }, "192.0.2.2": null },
		});
		expect(patched).toEqual({
			dns: { names: { "a.example": { A: ["192.0.2.9"] } }, faults: { "a.example/MX": "servfail" } },
			smtp: { "192.0.2.1": { host: "a.example", refuse: true } },
		});
		expect(base).toEqual(before);
	});

	it("that leads to no world is refused, and so is a world made in code", async () => {
		expect(() => patchWorld(base, { smtp: { "192.0.2.3": { starttls: "absent" } } })).toThrow(WorldError);
		await expect(startLab({ dns: { names: { "a.example": { A: "no address" } } } })).rejects.toThrow("dns > names > a.example > A: expected an IPv4 address");
	});

	it("may hold a key of any name without reaching an object's prototype", () => {
		const hostile = JSON.parse('{"dns":{"names":{"__proto__":{"TXT":"x"},"constructor":{"TXT":"y"}}}}') as LabWorld;
		patchWorld(base, hostile);
		expect(Object.hasOwn(Object.prototype, "TXT")).toBe(false);
	});
});

describe("addresses", () => {
	it("have one text each and one reverse name", () => {
		expect(canonicalAddress("2001:DB8:0:0::0001")).toBe("2001:db8::1");
		expect(reverseName("192.0.2.7")).toBe("7.2.0.192.in-addr.arpa");
		expect(reverseName("2001:db8::1")).toBe(`1.${"0.".repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`);
		expect(parseEndpoint("[2001:DB8::1]:587", 25)).toEqual({ address: "2001:db8::1", port: 587 });
		expect(parseEndpoint("2001:db8::1", 25)).toEqual({ address: "2001:db8::1", port: 25 });
		expect(parseEndpoint("192.0.2.1:70000", 25)).toBeUndefined();
	});

	it("keep their value through text and back", () => {
		fc.assert(
			fc.property(fc.ipV6(), (address) => {
				const canonical = canonicalAddress(address);
				expect(canonicalAddress(canonical)).toBe(canonical);
				expect(reverseName(address)).toHaveLength(72);
			}),
		);
		fc.assert(fc.property(fc.string(), (text) => ["object", "undefined"].includes(typeof parseEndpoint(text, 25))));
	});
});
