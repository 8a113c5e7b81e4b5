import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCertificate, publicKeyInfo, subjectOf } from "./certificate.ts";
import { matchDnsId, referenceName } from "./dns-id.ts";
import { judgeChain } from "./judge-chain.ts";
import { issueCertificate, oid, tlv } from "./testing/issue-certificate.ts";
import { pemCertificates } from "./trust-roots.ts";

const now = new Date("2026-06-01T00:00:00Z");
const root = issueCertificate({ subject: "Test Root", ca: true });
const leaf = issueCertificate({
	subject: "mx",
	issuer: root,
	dnsIds: ["mx.example.org"],
	nameConstraints: { permitted: ["example.org"] },
	extendedKeyUsage: ["1.3.6.1.5.5.7.3.1"],
});

describe("parseCertificate", () => {
	it("reads what it wrote", () => {
		const parsed = parseCertificate(leaf.der);
		if (!parsed.ok) throw new Error(parsed.message);
		expect(parsed.certificate.subject.text).toBe("CN=mx");
		expect(parsed.certificate.issuer.text).toBe("CN=Test Root");
		expect(Buffer.from(parsed.certificate.spki)).toEqual(leaf.spki);
		expect(Buffer.from(publicKeyInfo(leaf.der) ?? [])).toEqual(leaf.spki);
		expect(subjectOf(leaf.der)?.key).toBe(parsed.certificate.subject.key);
	});

	it("takes any octets", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 400 }), (octets) => {
				expect(typeof parseCertificate(octets).ok).toBe("boolean");
				judgeChain({ chain: [octets, leaf.der], hostname: "mx.example.org", roots: [octets, root.der], now });
			}),
		);
	});

	it("takes a certificate with any octets changed, cut or put in, and never trusts it", () => {
		const change = fc.record({ place: fc.nat(leaf.der.length - 1), octet: fc.nat(255), cut: fc.nat(3), put: fc.uint8Array({ maxLength: 3 }) });
		fc.assert(
			fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
				let octets = Buffer.from(leaf.der);
				for (const { place, octet, cut, put } of changes) {
					octets = Buffer.concat([octets.subarray(0, place), Buffer.from([octet]), put, octets.subarray(place + cut)]);
				}
				const judged = judgeChain({ chain: [octets], hostname: "mx.example.org", roots: [root.der], now });
				if (!octets.equals(leaf.der)) expect(judged.trusted).toBe(false);
			}),
			{ numRuns: 2000 },
		);
	});

	it("refuses a certificate whose two signature algorithms differ, and doubled extensions", () => {
		const doubled = issueCertificate({
			issuer: root,
			dnsIds: ["a.example"],
			extensions: [{ oid: "2.5.29.17", value: tlv(0x30, tlv(0x82, Buffer.from("b.example"))) }],
		});
		expect(parseCertificate(doubled.der)).toEqual({ ok: false, message: "extension 2.5.29.17 stands twice" });
		const sha1 = oid("1.2.840.10045.4.1");
		const sha256 = oid("1.2.840.10045.4.3.2");
		expect(sha1.length).not.toBe(sha256.length);
		const outer = Buffer.from(leaf.der);
		outer[outer.lastIndexOf(sha256) + sha256.length - 1] = 3;
		expect(parseCertificate(outer)).toEqual({ ok: false, message: "signature algorithms differ" });
	});
});

describe("pemCertificates", () => {
	it("finds every block and takes any text", () => {
		expect(pemCertificates(`text ${root.pem} more\n${leaf.pem}`).map((der) => Buffer.from(der))).toEqual([root.der, leaf.der]);
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (text) => {
				expect(pemCertificates(text).every((der) => der instanceof Uint8Array)).toBe(true);
			}),
		);
		const start = performance.now();
		pemCertificates("-----BEGIN CERTIFICATE-----\n".repeat(50_000));
		expect(performance.now() - start).toBeLessThan(1000);
	});
});

describe("matchDnsId (RFC 9525)", () => {
	it.each([
		["mail.example.com", "mail.example.com", true],
		["MAIL.example.COM", "mail.EXAMPLE.com.", true],
		["*.example.com", "mail.example.com", true],
		["*.example.com", "example.com", false],
		["*.example.com", "a.b.example.com", false],
		["*.example.com", ".example.com", false],
		["m*.example.com", "mail.example.com", false],
		["mail.*.com", "mail.example.com", false],
		["*.*.com", "mail.example.com", false],
		["*", "localhost", false],
		["*.com", "example.com", false],
		["mail.example.com", "mail.example.com.evil", false],
		["mail.example.com.", "mail.example.com", false],
		["", "", false],
		["192.0.2.1", "192.0.2.1", false],
		["*.0.2.1", "192.0.2.1", false],
		["2001:db8::1", "2001:db8::1", false],
		["xn--bcher-kva.example", "bücher.example", true],
		["*.xn--bcher-kva.example", "mx.BÜCHER.example", true],
		["bücher.example", "bücher.example", false],
		["mail.example.com\0", "mail.example.com", false],
	])("%j for %j: %s", (presented, host, expected) => {
		expect(matchDnsId(presented, host)).toBe(expected);
	});

	it("takes any text, and a wildcard stands for exactly one label", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (presented, host) => {
				expect(typeof matchDnsId(presented, host)).toBe("boolean");
			}),
		);
		fc.assert(
			fc.property(fc.array(fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/), { minLength: 1, maxLength: 5 }), (labels) => {
				expect(matchDnsId("*.example.com", [...labels, "example", "com"].join("."))).toBe(labels.length === 1);
			}),
		);
	});

	it("has no reference name for what is none", () => {
		for (const host of ["", ".", "a..b", "[192.0.2.1]", "1.2", "a b", `${"a".repeat(64)}.example`, `${"a.".repeat(130)}example`, "-a.example"]) {
			expect(referenceName(host), host).toBeUndefined();
		}
	});
});
