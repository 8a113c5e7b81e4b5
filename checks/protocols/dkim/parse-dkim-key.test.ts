import { createPublicKey, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { looksLikeDkimKey, parseDkimKey } from "./parse-dkim-key.ts";
import { parseRsaPublicKey } from "./public-key.ts";

/** RFC 6376 appendix C. */
const rfc6376 =
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB";
/** RFC 8463 appendix A.2. */
const rfc8463 = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

function der(tag: number, ...parts: Uint8Array[]): Buffer {
	const content = Buffer.concat(parts);
	const size = content.length;
	const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
	return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
/** A number of exactly `bits` bits with all bits set: odd, of the right length, no real key. */
function integerOf(bits: number): Buffer {
	const value = ((1n << BigInt(bits)) - 1n).toString(16);
	const octets = Buffer.from(value.length % 2 === 1 ? `0${value}` : value, "hex");
	return der(0x02, (octets[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), octets]) : octets);
}
const exponent = der(0x02, Buffer.from([1, 0, 1]));
const bareRsa = (bits: number) => der(0x30, integerOf(bits), exponent);
const rsaOid = Buffer.from("06092a864886f70d0101010500", "hex");
const spki = (key: Uint8Array, algorithm: Uint8Array = rsaOid) => der(0x30, der(0x30, algorithm), der(0x03, Buffer.from([0]), key));
const record = (octets: Uint8Array, tags = "") => `v=DKIM1; ${tags}p=${Buffer.from(octets).toString("base64")}`;

describe("keys of the RFCs", () => {
	it("reads the RSA key of RFC 6376 appendix C", () => {
		expect(parseDkimKey(`v=DKIM1; p=${rfc6376}`)).toMatchObject({
			valid: true,
			wellFormed: true,
			keyType: "rsa",
			bits: 1024,
			revoked: false,
			testing: false,
			issues: [],
		});
		expect(parseDkimKey(`p=${rfc6376}`)).toMatchObject({ valid: true, keyType: "rsa" });
	});

	it("reads the Ed25519 key of RFC 8463 appendix A", () => {
		expect(parseDkimKey(`v=DKIM1; k=ed25519; p=${rfc8463}`)).toMatchObject({ valid: true, keyType: "ed25519", bits: 256 });
		expect(parseDkimKey(`v=DKIM1; k=ed25519; p=${rfc8463.slice(0, -1)}`)).toMatchObject({ valid: true });
	});

	it.each([1024, 1536, 2048])("agrees with node:crypto on a generated key of %i bits, in both encodings", (modulusLength) => {
		const { publicKey } = generateKeyPairSync("rsa", { modulusLength });
		expect(publicKey.asymmetricKeyDetails?.modulusLength).toBe(modulusLength);
		for (const type of ["spki", "pkcs1"] as const)
			expect(parseDkimKey(record(publicKey.export({ type, format: "der" })))).toMatchObject({ valid: true, bits: modulusLength });
	});
});

describe("key length", () => {
	it.each([
		[512, false],
		[768, false],
		[1023, false],
		[1024, true],
		[1025, true],
		[2047, true],
		[2048, true],
		[3072, true],
		[4096, true],
	])("%i bits", (bits, valid) => {
		for (const octets of [bareRsa(bits), spki(bareRsa(bits))]) {
			expect(parseRsaPublicKey(octets)).toEqual({ ok: true, bits });
			const key = parseDkimKey(record(octets));
			expect(key).toMatchObject({ valid, bits, wellFormed: true });
			expect(key.error === undefined).toBe(valid);
		}
	});

	it("notes keys that verifiers need not take", () => {
		expect(parseDkimKey(record(spki(bareRsa(8192))))).toMatchObject({ valid: true, bits: 8192, issues: [{ code: "long_key" }] });
	});
});

describe("broken keys", () => {
	const key = spki(bareRsa(2048));
	const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "der" });
	const ed = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "der" });

	it.each<[string, Uint8Array]>([
		["cut short", key.subarray(0, 200)],
		["followed by octets", Buffer.concat([key, Buffer.from([0])])],
		["of an elliptic curve", ec],
		["of Ed25519 under k=rsa", ed],
		["of RSASSA-PSS", spki(bareRsa(2048), Buffer.from("06092a864886f70d01010a", "hex"))],
		["with an even modulus", spki(der(0x30, der(0x02, Buffer.concat([Buffer.alloc(128, 1), Buffer.from([2])])), exponent))],
		["with exponent 1", spki(der(0x30, integerOf(2048), der(0x02, Buffer.from([1]))))],
		["with a negative modulus", spki(der(0x30, der(0x02, Buffer.alloc(256, 0xff)), exponent))],
		["with an empty modulus", spki(der(0x30, der(0x02), exponent))],
		["without exponent", spki(der(0x30, integerOf(2048)))],
		["with unused bits", der(0x30, der(0x30, rsaOid), der(0x03, Buffer.from([1]), bareRsa(2048)))],
		["of indefinite length", Buffer.from("3080020101020103", "hex")],
		["with a length of five octets", Buffer.from("30850000000006020103020103", "hex")],
		["just a number", Buffer.from([2, 1, 3])],
	])("%s", (_, octets) => {
		const parsed = parseDkimKey(record(octets));
		expect(parsed).toMatchObject({ valid: false, wellFormed: false, revoked: false, issues: [{ code: "key_data" }] });
		expect(parsed.bits).toBeUndefined();
	});

	it("wants 32 raw octets for Ed25519", () => {
		expect(parseDkimKey(record(ed, "k=ed25519; "))).toMatchObject({ valid: false, error: expect.stringContaining("SubjectPublicKeyInfo") });
		expect(parseDkimKey(record(ed.subarray(12), "k=ed25519; "))).toMatchObject({ valid: true });
		for (const size of [1, 31, 33, 64]) expect(parseDkimKey(record(Buffer.alloc(size, 7), "k=ed25519; "))).toMatchObject({ valid: false, keyType: "ed25519" });
	});

	it.each(["####", "AAAAA", "AAA=A", "AAAA=", "AA===", "-_-_", `${rfc6376.slice(0, 20)}"${rfc6376.slice(20)}`, `\\;${rfc6376}`, "=", "=="])(
		"p=%s is not base64",
		(p) => {
			expect(parseDkimKey(`v=DKIM1; p=${p}`)).toMatchObject({ valid: false, wellFormed: false });
		},
	);

	it("takes base64 with folding white space and nothing else", () => {
		const folded = rfc6376.replace(/(.{40})/g, "$1 \t");
		expect(parseDkimKey(`v=DKIM1; p= ${folded} ;`)).toMatchObject({ valid: true, bits: 1024, publicKey: rfc6376 });
		expect(parseDkimKey(`v=DKIM1; p=${rfc6376.slice(0, 40)}\r\n ${rfc6376.slice(40)}`)).toMatchObject({ valid: true, bits: 1024 });
		expect(parseDkimKey(`v=DKIM1; p=${rfc6376.slice(0, 40)}\n${rfc6376.slice(40)}`)).toMatchObject({ valid: false });
		expect(parseDkimKey(`v=DKIM1; p=${rfc6376.slice(0, 40)}\r\n${rfc6376.slice(40)}`)).toMatchObject({ valid: false });
		expect(parseDkimKey(`v=DKIM1; p=${rfc6376.slice(0, 40)}\u00a0${rfc6376.slice(40)}`)).toMatchObject({ valid: false });
	});
});

describe("tags", () => {
	it.each(["v=DKIM1; p=", "p=", "v=DKIM1; k=rsa; p=;", "v=DKIM1; k=ed25519; p= \t", "p=; n=retired"])("%j is a revoked key", (text) => {
		expect(parseDkimKey(text)).toMatchObject({ valid: true, wellFormed: true, revoked: true });
	});

	it.each([
		["v not first", `p=${rfc6376}; v=DKIM1`],
		["another version", `v=DKIM2; p=${rfc6376}`],
		["lower case version", `v=dkim1; p=${rfc6376}`],
		["empty version", `v=; p=${rfc6376}`],
		["no p", "v=DKIM1; k=rsa"],
		["unknown type", `k=rsa2; p=${rfc6376}`],
		["type in capitals", `k=RSA; p=${rfc6376}`],
		["repeated tag", `v=DKIM1; p=${rfc6376}; p=`],
		["empty element", `v=DKIM1;; p=${rfc6376}`],
		["no equals sign", `v=DKIM1; rsa; p=${rfc6376}`],
		["a NUL", `v=DKIM1; n=\0; p=${rfc6376}`],
		["8-bit octets", `v=DKIM1; n=caf\u00e9; p=${rfc6376}`],
		["a name that begins with a digit", `v=DKIM1; 1=2; p=${rfc6376}`],
		["an empty record", ""],
		["only a semicolon", ";"],
		["SPF", "v=spf1 -all"],
		["a broken list of flags", `v=DKIM1; t=y:; p=${rfc6376}`],
	])("%s makes the record malformed", (_, text) => {
		const key = parseDkimKey(text);
		expect(key).toMatchObject({ valid: false, wellFormed: false });
		expect(key.error).toMatch(/^[\x20-\x7e]+$/);
	});

	it("reads flags, and ignores unknown ones", () => {
		expect(parseDkimKey(`v=DKIM1; t=y; p=${rfc6376}`)).toMatchObject({ valid: true, testing: true, strictDomain: false });
		expect(parseDkimKey(`v=DKIM1; t = s : y : z; p=${rfc6376}`)).toMatchObject({ valid: true, testing: true, strictDomain: true });
		expect(parseDkimKey(`v=DKIM1; t=yes; p=${rfc6376}`)).toMatchObject({ valid: true, testing: false });
	});

	it("reads hashes; sha1 alone leaves no usable key", () => {
		expect(parseDkimKey(`v=DKIM1; p=${rfc6376}`).hashes).toBeUndefined();
		expect(parseDkimKey(`v=DKIM1; h=sha1:SHA256 : x; p=${rfc6376}`)).toMatchObject({ valid: true, hashes: ["sha1", "sha256", "x"] });
		expect(parseDkimKey(`v=DKIM1; h=sha1; p=${rfc6376}`)).toMatchObject({
			valid: false,
			wellFormed: true,
			hashes: ["sha1"],
			bits: 1024,
			issues: [{ code: "hash" }],
		});
	});

	it("reads services; a key that leaves e-mail out is not usable", () => {
		expect(parseDkimKey(`v=DKIM1; s=email; p=${rfc6376}`)).toMatchObject({ valid: true, services: ["email"] });
		expect(parseDkimKey(`v=DKIM1; s=tlsrpt:*; p=${rfc6376}`)).toMatchObject({ valid: true });
		expect(parseDkimKey(`v=DKIM1; s=tlsrpt; p=${rfc6376}`)).toMatchObject({ valid: false, wellFormed: true, issues: [{ code: "service" }] });
	});

	it("ignores unknown and historic tags, and white space around everything", () => {
		expect(parseDkimKey(` v = DKIM1 ;\t g=* ; future=1; constructor=2; n=notes ; p = ${rfc6376} ; `)).toMatchObject({ valid: true, bits: 1024 });
	});
});

describe("any input", () => {
	it("reads a key or says why not, for any octets", () => {
		const octets = fc.uint8Array({ maxLength: 400 });
		const derLike = fc
			.array(fc.oneof(fc.constantFrom(0x30, 0x02, 0x03, 0x06, 0x80, 0x81, 0x82, 0x84, 0xff, 0), fc.nat(255)), { maxLength: 60 })
			.map((bytes) => Uint8Array.from(bytes));
		fc.assert(
			fc.property(
				fc.oneof(
					octets,
					derLike,
					octets.map((bytes) => spki(bareRsa(1024)).map((octet, at) => octet ^ (bytes[at] ?? 0))),
				),
				fc.constantFrom("", "k=ed25519; "),
				(bytes, tags) => {
					const key = parseDkimKey(record(bytes, tags));
					expect(key.valid).toBe(key.error === undefined);
					if (key.valid && !key.revoked) expect(key.bits).toBeGreaterThanOrEqual(256);
				},
			),
			{ numRuns: 500 },
		);
	});

	it("accepts no RSA key that node:crypto refuses", () => {
		const key = spki(bareRsa(1024));
		fc.assert(
			fc.property(fc.nat(key.length - 1), fc.nat(255), (at, octet) => {
				const changed = Buffer.from(key);
				changed[at] = octet;
				const parsed = parseRsaPublicKey(changed);
				if (!parsed.ok) return;
				expect(createPublicKey({ key: changed, format: "der", type: "spki" }).asymmetricKeyDetails?.modulusLength).toBe(parsed.bits);
			}),
			{ numRuns: 500 },
		);
	});

	it("never throws on any text", () => {
		const near = fc.array(
			fc.oneof(fc.constantFrom("v=DKIM1", ";", "p=", "h=", "k=rsa", "t=y", ":", "=", " ", "\r\n ", rfc6376), fc.string({ maxLength: 4, unit: "binary" })),
			{ maxLength: 15 },
		);
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string({ unit: "binary" }),
					near.map((parts) => parts.join("")),
				),
				(text) => {
					const key = parseDkimKey(text);
					expect(key.valid).toBe(key.error === undefined);
					expect(typeof looksLikeDkimKey(text)).toBe("boolean");
					for (const issue of key.issues) expect(issue.message).toMatch(/^[\x20-\x7e]{1,400}$/);
				},
			),
			{ numRuns: 500 },
		);
	});

	it("agrees with the grammar on mutations of a valid record", () => {
		/** tag-list of RFC 6376 section 3.2, white space limited to spaces and tabs. */
		const tag = "[ \\t]*[A-Za-z][A-Za-z0-9_]*[ \\t]*=[ \\t]*(?:[\\x21-\\x3a\\x3c-\\x7e]+(?:[ \\t]+[\\x21-\\x3a\\x3c-\\x7e]+)*)?[ \\t]*";
		const abnf = new RegExp(`^${tag}(?:;${tag})*(?:;[ \\t]*)?$`);
		const base = `v=DKIM1; k=rsa; t=s; n=note; p=${rfc6376}`;
		const pieces = [";", "=", " ", "\t", "\0", "\r", "\u00e9", "x", "l".repeat(64)];
		for (let at = 0; at <= 50; at += 1) {
			for (const text of [base.slice(0, at) + base.slice(at + 1), ...pieces.map((piece) => base.slice(0, at) + piece + base.slice(at))]) {
				// Allowed by tag-list, but not by the rules of these tags.
				if (/[ht][ \t]*=[ \t]*;/.test(text)) continue;
				const names = text.split(";").map((element) => element.split("=")[0]?.trim() ?? "");
				const list = abnf.test(text) && new Set(names).size === names.length;
				const syntax = parseDkimKey(text).issues.some((issue) => issue.code === "syntax");
				expect([text, syntax]).toEqual([text, !list]);
			}
		}
	});

	it.each([
		["base64", (n: number) => `v=DKIM1; p=${"A".repeat(n)}`],
		["white space in p", (n: number) => `v=DKIM1; p=A${" ".repeat(n)}A`],
		["white space", (n: number) => `v=DKIM1;${" ".repeat(n)}`],
		["line breaks", (n: number) => `v=DKIM1; p=${"\r\n ".repeat(n / 3)}x`],
		["semicolons", (n: number) => ";".repeat(n)],
		["tags", (n: number) => Array.from({ length: n / 8 }, (_, i) => `t${i}=x;`).join("")],
		["colons", (n: number) => `h=${":".repeat(n)}; p=`],
		["padding", (n: number) => `p=${"=".repeat(n)}`],
		["nested DER", (n: number) => `p=${Buffer.alloc(n, 0x30).toString("base64")}`],
	])("is linear on hostile %s", (_, make) => {
		const text = make(100_000);
		const started = performance.now();
		const key = parseDkimKey(text);
		looksLikeDkimKey(text);
		expect(performance.now() - started).toBeLessThan(1500);
		expect(key.issues.length).toBeLessThanOrEqual(30);
	});
});

describe("what is meant as a key", () => {
	it.each(["v=DKIM1; p=", "v=DKIM1", "k=rsa; p=AAAA", "p=AAAA", "v=DKIM2; p=x", " v = dkim1; t=y", "n=x;p=AAAA"])("%j is", (text) => {
		expect(looksLikeDkimKey(text)).toBe(true);
	});
	it.each(["v=spf1 -all", "v=DMARC1; p=reject", "google-site-verification=p1", "", "p", "MS=ms1", "vp=1"])("%j is not", (text) => {
		expect(looksLikeDkimKey(text)).toBe(false);
	});
});
