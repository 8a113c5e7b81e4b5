import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type IssuedCertificate, issueCertificate } from "../certificate/testing/issue-certificate.ts";
import { matchTlsa, type TlsaRecord, tlsaFault } from "./match-tlsa.ts";

const now = new Date("2026-06-01T00:00:00Z");
const hostname = "mx.example.org";
const root = issueCertificate({ subject: "Root", ca: true });
const intermediate = issueCertificate({ subject: "Intermediate", issuer: root, ca: true });
const leaf = issueCertificate({ subject: "mx", issuer: intermediate, dnsIds: [hostname] });
const served = [leaf, intermediate];
const hashes: Record<number, string> = { 1: "sha256", 2: "sha512" };

function tlsa(usage: number, selector: number, matchingType: number, of: IssuedCertificate): TlsaRecord {
	const selected = selector === 0 ? of.der : of.spki;
	const hash = hashes[matchingType];
	return { usage, selector, matchingType, data: hash === undefined ? selected : createHash(hash).update(selected).digest() };
}

function match(records: TlsaRecord[], chain: readonly IssuedCertificate[] = served, options: { at?: string; nameChecks?: boolean; hostname?: string } = {}) {
	return matchTlsa({
		records,
		chain: chain.map((certificate) => certificate.der),
		hostname: options.hostname ?? hostname,
		nameChecks: options.nameChecks,
		now: options.at === undefined ? now : new Date(options.at),
	});
}

const forms = [0, 1].flatMap((selector) => [0, 1, 2].map((matchingType) => [selector, matchingType] as const));

describe("matchTlsa, usage 3 (DANE-EE)", () => {
	it.each(forms)("3 %i %i matches the leaf alone", (selector, matchingType) => {
		expect(match([tlsa(3, selector, matchingType, leaf)])).toEqual({ verdict: "match", depth: 0, record: 0 });
		expect(match([tlsa(3, selector, matchingType, leaf)], [leaf])).toMatchObject({ verdict: "match" });
		expect(match([tlsa(3, selector, matchingType, intermediate)])).toEqual({ verdict: "mismatch", reason: "no_match" });
	});

	it("ignores name, dates and trust (RFC 7671 5.1)", () => {
		const other = issueCertificate({
			subject: "old",
			dnsIds: ["elsewhere.example"],
			notBefore: "2001-01-01T00:00:00Z",
			notAfter: "2002-01-01T00:00:00Z",
			rsaBits: 1024,
			hash: "sha1",
		});
		expect(match([tlsa(3, 1, 1, other)], [other])).toMatchObject({ verdict: "match", depth: 0 });
	});

	it("follows the key over a renewal with selector 1, the certificate with selector 0", () => {
		const renewed = issueCertificate({ subject: "mx", issuer: intermediate, keysOf: leaf, dnsIds: [hostname] });
		expect(match([tlsa(3, 1, 1, leaf)], [renewed, intermediate]).verdict).toBe("match");
		expect(match([tlsa(3, 0, 1, leaf)], [renewed, intermediate]).verdict).toBe("mismatch");
	});
});

describe("matchTlsa, usage 2 (DANE-TA)", () => {
	it.each(forms)("2 %i %i matches a served issuer and walks down to the leaf", (selector, matchingType) => {
		expect(match([tlsa(2, selector, matchingType, intermediate)])).toEqual({ verdict: "match", depth: 1, record: 0 });
		expect(match([tlsa(2, selector, matchingType, root)], [leaf, intermediate, root])).toEqual({ verdict: "match", depth: 2, record: 0 });
	});

	it("needs the anchor in the served chain where the record holds a digest (RFC 7671 5.2.2)", () => {
		for (const [selector, matchingType] of forms.filter(([, type]) => type !== 0)) {
			expect(match([tlsa(2, selector, matchingType, root)])).toEqual({ verdict: "mismatch", reason: "no_match" });
		}
	});

	it("takes an anchor that DNS alone holds: 2 0 0 and 2 1 0 (RFC 7671 5.2.2, 5.2.3)", () => {
		for (const selector of [0, 1]) {
			const record = tlsa(2, selector, 0, root);
			expect(match([record])).toEqual({ verdict: "match", depth: 2, record: 0 });
			expect(match([record], [leaf])).toMatchObject({ verdict: "mismatch" });
			expect(match([tlsa(2, selector, 0, intermediate)], [leaf])).toEqual({ verdict: "match", depth: 1, record: 0 });
			expect(match([record], served, { hostname: "mx2.example.org" })).toEqual({ verdict: "mismatch", reason: "wrong_name" });
			expect(match([record], served, { at: "2027-01-01T00:00:00Z" })).toEqual({ verdict: "mismatch", reason: "expired" });
			const stranger = issueCertificate({ subject: "Root", ca: true });
			expect(match([tlsa(2, selector, 0, stranger)]).verdict).toBe("mismatch");
		}
		const notCa = issueCertificate({ subject: "Not a CA", issuer: root });
		const below = issueCertificate({ issuer: notCa, dnsIds: [hostname] });
		expect(match([tlsa(2, 1, 0, root)], [below, notCa])).toEqual({ verdict: "mismatch", reason: "not_a_ca" });
		expect(match([tlsa(2, 0, 0, root)], [below, notCa])).toEqual({ verdict: "mismatch", reason: "not_a_ca" });
		// A self-signed top is its own anchor, whoever else's key stands in DNS.
		expect(match([tlsa(2, 1, 0, intermediate)], [leaf, root])).toMatchObject({ verdict: "match", depth: 1 });
	});

	it("compares any of the reference names, and the common name only where no DNS-ID stands (RFC 7672 3.2.2, 3.2.3)", () => {
		const record = tlsa(2, 0, 1, intermediate);
		const chain = (subject: string, dnsIds?: string[]) =>
			[issueCertificate({ subject, issuer: intermediate, ...(dnsIds === undefined ? {} : { dnsIds }) }), intermediate].map(({ der }) => der);
		const verdict = (der: Buffer[], otherNames: string[] = []) => matchTlsa({ records: [record], chain: der, hostname, otherNames, now }).verdict;
		expect(verdict(chain("x", ["example.org"]))).toBe("mismatch");
		expect(verdict(chain("x", ["example.org"]), ["example.org"])).toBe("match");
		expect(verdict(chain(hostname))).toBe("match");
		expect(verdict(chain("*.example.org"))).toBe("match");
		expect(verdict(chain("mx.example.org.evil"))).toBe("mismatch");
		expect(verdict(chain(hostname, ["other.example"]))).toBe("mismatch");
	});

	it("needs signatures that lead from it to the leaf", () => {
		const stranger = issueCertificate({ subject: "Stranger", ca: true });
		expect(match([tlsa(2, 0, 1, stranger)], [leaf, intermediate, stranger])).toEqual({ verdict: "mismatch", reason: "not_the_issuer" });
		const sameName = issueCertificate({ subject: "Intermediate", ca: true });
		expect(match([tlsa(2, 0, 1, sameName)], [leaf, sameName])).toEqual({ verdict: "mismatch", reason: "bad_signature" });
		const notCa = issueCertificate({ subject: "Not a CA", issuer: root });
		const below = issueCertificate({ issuer: notCa, dnsIds: [hostname] });
		expect(match([tlsa(2, 0, 1, notCa)], [below, notCa])).toEqual({ verdict: "mismatch", reason: "not_a_ca" });
	});

	it("needs the name, unless told otherwise, and the dates", () => {
		const record = tlsa(2, 1, 1, intermediate);
		expect(match([record], served, { hostname: "mx2.example.org" })).toEqual({ verdict: "mismatch", reason: "wrong_name" });
		expect(match([record], served, { hostname: "mx2.example.org", nameChecks: false })).toMatchObject({ verdict: "match" });
		expect(match([record], served, { at: "2027-01-01T00:00:00Z" })).toEqual({ verdict: "mismatch", reason: "expired" });
		expect(match([record], served, { at: "2027-01-01T00:00:00Z", nameChecks: false })).toEqual({ verdict: "mismatch", reason: "expired" });
	});

	it("does not match a leaf: that is usage 3", () => {
		expect(match([tlsa(2, 0, 1, leaf)])).toEqual({ verdict: "mismatch", reason: "no_match" });
		const alone = issueCertificate({ subject: "alone", dnsIds: [hostname], ca: true });
		expect(match([tlsa(2, 0, 1, alone)], [alone])).toEqual({ verdict: "mismatch", reason: "no_match" });
	});

	it("works with a chain out of order", () => {
		expect(match([tlsa(2, 0, 1, root)], [leaf, root, intermediate])).toEqual({ verdict: "match", depth: 2, record: 0 });
	});
});

describe("matchTlsa, record sets", () => {
	it("takes any one record that matches, and says which", () => {
		const next = issueCertificate({ subject: "next", dnsIds: [hostname] });
		expect(match([tlsa(3, 1, 1, next), tlsa(3, 1, 1, leaf)])).toEqual({ verdict: "match", depth: 0, record: 1 });
		expect(match([tlsa(3, 1, 1, next), tlsa(2, 1, 1, intermediate)])).toEqual({ verdict: "match", depth: 1, record: 1 });
		expect(match([tlsa(1, 1, 1, leaf), tlsa(3, 1, 1, leaf)])).toEqual({ verdict: "match", depth: 0, record: 1 });
	});

	it("lets only the strongest digest of a usage and selector count (RFC 7671 9)", () => {
		const next = issueCertificate({ subject: "next", dnsIds: [hostname] });
		expect(match([tlsa(3, 1, 1, leaf), tlsa(3, 1, 2, next)])).toEqual({ verdict: "mismatch", reason: "no_match" });
		expect(match([tlsa(3, 1, 1, leaf), tlsa(3, 0, 2, next)])).toMatchObject({ verdict: "match", record: 0 });
		expect(match([tlsa(3, 1, 1, leaf), { usage: 3, selector: 1, matchingType: 2, data: Buffer.alloc(3) }])).toMatchObject({ verdict: "match", record: 0 });
	});

	it.each([
		[[], "no_records"],
		[[tlsa(0, 0, 1, root), tlsa(1, 0, 1, leaf)], "pkix_usage"],
		[[{ usage: 4, selector: 0, matchingType: 1, data: Buffer.alloc(32) }], "unknown_usage"],
		[[{ usage: 255, selector: 0, matchingType: 1, data: Buffer.alloc(32) }], "unknown_usage"],
		[[{ usage: 3, selector: 2, matchingType: 1, data: Buffer.alloc(32) }], "unknown_selector"],
		[[{ usage: 3, selector: 1, matchingType: 3, data: Buffer.alloc(32) }], "unknown_matching_type"],
		[[{ usage: 3, selector: 1, matchingType: 1, data: Buffer.alloc(31) }], "wrong_length"],
		[[{ usage: 3, selector: 1, matchingType: 1, data: Buffer.alloc(64) }], "wrong_length"],
		[[{ usage: 3, selector: 1, matchingType: 2, data: Buffer.alloc(32) }], "wrong_length"],
		[[{ usage: 3, selector: 1, matchingType: 1, data: Buffer.alloc(0) }], "wrong_length"],
		[[{ usage: 3, selector: 0, matchingType: 0, data: Buffer.from("no certificate") }], "malformed_data"],
		[[{ usage: 2, selector: 1, matchingType: 0, data: Buffer.from("no key") }], "malformed_data"],
		[[{ usage: 3, selector: 1, matchingType: 0, data: leaf.der }], "malformed_data"],
	] as [TlsaRecord[], string][])("is unusable: %#", (records, reason) => {
		expect(match(records)).toEqual({ verdict: "unusable", reason });
	});

	it("does not match what it cannot read", () => {
		expect(matchTlsa({ records: [tlsa(3, 1, 1, leaf)], chain: [], hostname, now })).toEqual({ verdict: "mismatch", reason: "no_certificate" });
		expect(matchTlsa({ records: [tlsa(3, 1, 1, leaf)], chain: [Buffer.from("x")], hostname, now })).toEqual({ verdict: "mismatch", reason: "no_match" });
	});

	it("takes any records and any chain", () => {
		const record = fc.record({ usage: fc.nat(5), selector: fc.nat(3), matchingType: fc.nat(4), data: fc.uint8Array({ maxLength: 70 }) });
		fc.assert(
			fc.property(fc.array(record, { maxLength: 5 }), fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 3 }), (records, junk) => {
				const matched = matchTlsa({ records, chain: [leaf.der, ...junk], hostname, now });
				expect(matched.verdict).toBe(records.some((each) => tlsaFault(each) === undefined) ? "mismatch" : "unusable");
			}),
		);
	});
});
