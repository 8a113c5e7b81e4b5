import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAnchors } from "./anchors.ts";
import { decodeRdata } from "./decode-rdata.ts";
import { compareNames, nameWire, readName } from "./name.ts";
import { encodeRdata } from "./rdata.ts";
import { typeNumber, typeText } from "./record-types.ts";

describe("names", () => {
	it("sort as in RFC 4034 6.1", () => {
		const sorted = ["example", "a.example", "yljkjljk.a.example", "z.a.example", "zabc.a.example", "z.example", "\u0001.z.example", "*.z.example"];
		expect(sorted.toReversed().sort(compareNames)).toEqual(sorted);
	});
	it.each(["..", "a..b", ".a", "a".repeat(64), `${"a".repeat(63)}.`.repeat(4), "\u212aelvin", "a\u007f", "\u0080"])("%j has no octets", (text) =>
		expect(readName(text)).toBeUndefined(),
	);
	it.each([
		[".", "00"],
		["A.b.", "0161016200"],
		["\u0000.x", "0100017800"],
	])("%j in wire form", (text, hex) => expect(nameWire(readName(text) ?? "?").toString("hex")).toBe(hex));
	it("numbers types, known and unknown", () => {
		expect([typeNumber("MX"), typeNumber("UNKNOWN_65280"), typeNumber("TYPE64"), typeNumber("UNKNOWN_65536"), typeNumber("x"), typeNumber(1)]).toEqual([
			15,
			65280,
			64,
			undefined,
			undefined,
			undefined,
		]);
		for (let number = 0; number < 400; number++) expect(typeNumber(typeText(number))).toBe(number);
	});
});

const octets = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((value) => Buffer.from(value));
const label = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_*\u0000\u001f~"), minLength: 1, maxLength: 20 });
const name = fc.array(label, { maxLength: 5 }).map((labels) => (labels.length === 0 ? "." : labels.join(".")));
const u8 = fc.nat(255);
const u16 = fc.nat(65535);
const u32 = fc.nat(0xffffffff);
const types = fc.uniqueArray(u16, { maxLength: 12 }).map((list) => list.sort((a, b) => a - b).map(typeText));
const text = fc.uint8Array({ maxLength: 255 }).map((value) => Buffer.from(value));
const data: Record<string, fc.Arbitrary<unknown>> = {
	A: fc.ipV4(),
	NS: name,
	CNAME: name,
	DNAME: name,
	MX: fc.record({ preference: u16, exchange: name }),
	TXT: fc.array(text, { minLength: 1, maxLength: 4 }),
	SOA: fc.record({
		mname: name,
		rname: fc.oneof(name, fc.constant("first\\.last.example.org")),
		serial: u32,
		refresh: u32,
		retry: u32,
		expire: u32,
		minimum: u32,
	}),
	TLSA: fc.record({ usage: u8, selector: u8, matchingType: u8, certificate: octets }),
	CAA: fc.record({ flags: u8, tag: fc.string({ unit: "grapheme-ascii", maxLength: 20 }), value: fc.string({ unit: "grapheme-ascii" }) }),
	DS: fc.record({ keyTag: u16, algorithm: u8, digestType: u8, digest: octets }),
	DNSKEY: fc.record({ flags: u16, algorithm: u8, key: octets }),
	RRSIG: fc.record({
		typeCovered: u16.map(typeText),
		algorithm: u8,
		labels: u8,
		originalTTL: u32,
		expiration: u32,
		inception: u32,
		keyTag: u16,
		signersName: name,
		signature: octets,
	}),
	NSEC: fc.record({ nextDomain: name, rrtypes: types }),
	NSEC3: fc.record({ algorithm: u8, flags: u8, iterations: u16, salt: text, nextDomain: text, rrtypes: types }),
	UNKNOWN_65: octets,
};

describe("record data", () => {
	it.each(Object.keys(data))("%s comes back from its octets", (type) => {
		fc.assert(
			fc.property(data[type] as fc.Arbitrary<unknown>, (value) => {
				const wire = encodeRdata(type, value, false);
				expect(wire).toBeInstanceOf(Buffer);
				expect(decodeRdata(type, wire as Buffer)).toEqual(value);
				// The canonical form differs by case alone.
				expect(encodeRdata(type, value, true)?.length).toBe(wire?.length);
			}),
		);
	});
	it("puts the names of the right types in lower case (RFC 6840 5.1)", () => {
		expect(encodeRdata("MX", { preference: 1, exchange: "MX.Org" }, true)?.toString("latin1")).toContain("mx\u0003org");
		expect(encodeRdata("NSEC", { nextDomain: "MX.Org", rrtypes: ["A"] }, true)?.toString("latin1")).toContain("MX\u0003Org");
	});
	it.each([
		["AAAA", "2001:DB8:0:0::10", "20010db8000000000000000000000010"],
		["AAAA", "::ffff:192.0.2.1", "00000000000000000000ffffc0000201"],
		["AAAA", "::", "0".repeat(32)],
		["AAAA", "fe80::1%eth0", undefined],
		["A", "192.0.2", undefined],
		["A", 1, undefined],
		["MX", { preference: 65536, exchange: "." }, undefined],
		["MX", null, undefined],
		["TXT", [], undefined],
		["TXT", ["\u0100"], undefined],
		["TXT", [Buffer.alloc(256)], undefined],
		["NSEC", { nextDomain: "a", rrtypes: ["nothing"] }, undefined],
		["SRV", "text", undefined],
	])("%s %j", (type, value, hex) => expect(encodeRdata(type, value, true)?.toString("hex")).toBe(hex));
	it("is read from any octets without throwing, and never from half of them", () => {
		fc.assert(
			fc.property(fc.constantFrom("AAAA", ...Object.keys(data)), fc.uint8Array({ maxLength: 80 }), (type, value) => {
				const read = decodeRdata(type, Buffer.from(value));
				// What can be read has these octets alone, but for bitmaps and the like in a form that is not theirs.
				if (read !== undefined && !["NSEC", "NSEC3"].includes(type)) expect(encodeRdata(type, read, false)).toEqual(Buffer.from(value));
			}),
		);
	});
});

describe("files of trust anchors", () => {
	const digest = "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D";
	it.each([
		`. IN DS 20326 8 2 ${digest}`,
		`.\t172800\tIN\tDS\t20326 8 2 ${digest.toLowerCase()}`,
		`; comment\r\n. DS 20326 8 2 ${digest.slice(0, 20)} ${digest.slice(20)} ; KSK-2017\r\n\r\n`,
		`# x\n. IN 3600 DS 20326 8 2 ${digest}`,
	])("%j", (file) => {
		expect(parseAnchors(file)).toEqual({ ok: true, anchors: [{ name: ".", keyTag: 20326, algorithm: 8, digestType: 2, digest: Buffer.from(digest, "hex") }] });
	});
	it.each([
		["", "no DS record", 1],
		["\n. IN DNSKEY 257 3 8 AwEAAQ==", "expected a DS record", 2],
		["20326 8 2 abcd", "zone name", 1],
		[". IN DS 20326 8 2", "out of range", 1],
		[". IN DS 20326 8 2 abcd", "32 octets", 1],
		[`. IN DS 20326 8 9 ${digest}`, "digest type 9", 1],
		[`. IN DS 99999 8 2 ${digest}`, "out of range", 1],
		[`. IN DS x 8 2 ${digest}`, "decimal", 1],
	])("%j is refused", (file, message, line) => {
		expect(parseAnchors(file)).toMatchObject({ ok: false, error: { message: expect.stringContaining(message) as string, line } });
	});
	it("any text gives anchors or an error with a line", () => {
		fc.assert(
			fc.property(fc.string(), (file) => {
				const read = parseAnchors(file);
				expect(read.ok ? read.anchors.length : read.error.line).toBeGreaterThan(0);
			}),
		);
	});
});
