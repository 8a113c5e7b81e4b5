import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type IssueOptions, issueCertificate, tlv } from "../../protocols/certificate/testing/issue-certificate.ts";
import { markFacts } from "./mark.ts";

const logo = Buffer.from("<svg/>");
const now = new Date("2026-06-01T00:00:00Z");
const usage = "1.3.6.1.5.5.7.3.31";

/** A mark certificate with a drawing in its logotype extension. */
function mark(options: IssueOptions = {}, drawing: Uint8Array = gzipSync(logo)): Buffer {
	const uri = Buffer.from(`data:image/svg+xml;base64,${Buffer.from(drawing).toString("base64")}`);
	const extensions = [{ oid: "1.3.6.1.5.5.7.1.12", value: tlv(0x30, tlv(0x16, uri), tlv(0x04, Buffer.from("AA"))) }];
	return Buffer.from(issueCertificate({ subject: "mark", dnsIds: ["example.org"], extendedKeyUsage: [usage], extensions, ...options }).pem);
}

const facts = (pem: Uint8Array, domain = "example.org") => markFacts(pem, { domain, organizationalDomain: "example.org", logo, roots: [], now });
const sound = { seen: true, inDate: true, namesDomain: true, sameLogo: true, trusted: null };

describe("markFacts", () => {
	it("reads dates, names and the logo, packed or not", () => {
		expect(facts(mark())).toEqual(sound);
		expect(facts(mark({}, logo))).toEqual(sound);
		expect(facts(mark(), "news.example.org")).toEqual(sound);
		expect(facts(mark({ dnsIds: ["default._bimi.example.org"] }))).toEqual(sound);
	});

	it("sees another date, name, purpose and logo", () => {
		expect(facts(mark({ notAfter: "2026-05-31T00:00:00Z" }))).toEqual({ ...sound, inDate: false });
		expect(facts(mark({ notBefore: "2026-06-02T00:00:00Z" }))).toEqual({ ...sound, inDate: false });
		expect(facts(mark({ dnsIds: ["example.net", "org", "badexample.org"] }))).toEqual({ ...sound, namesDomain: false });
		expect(facts(mark({ extendedKeyUsage: ["1.3.6.1.5.5.7.3.1"] }))).toEqual({ ...sound, namesDomain: false });
		expect(facts(mark({}, gzipSync("<svg></svg>")))).toEqual({ ...sound, sameLogo: false });
	});

	it("leaves the comparison open where there is nothing to compare", () => {
		expect(facts(mark({ extensions: [] })).sameLogo).toBeNull();
		expect(facts(mark({}, gzipSync(Buffer.alloc(10_000_000)))).sameLogo).toBeNull();
		expect(markFacts(mark(), { domain: "example.org", organizationalDomain: "example.org", logo: undefined, roots: [], now }).sameLogo).toBeNull();
	});

	it("follows the file's issuers to a root of a mark authority, and to no other", () => {
		const root = issueCertificate({ subject: "Mark root", ca: true });
		const authority = issueCertificate({ subject: "Mark authority", issuer: root, ca: true, extendedKeyUsage: [usage] });
		const stranger = issueCertificate({ subject: "Mark root", ca: true });
		const issued = mark({ issuer: authority });
		const trusted = (file: Uint8Array, roots: Uint8Array[], at = now) =>
			markFacts(file, { domain: "example.org", organizationalDomain: "example.org", logo, roots, now: at }).trusted;
		const whole = Buffer.concat([issued, Buffer.from(authority.pem)]);
		expect(trusted(whole, [root.der])).toBe(true);
		expect(trusted(whole, [stranger.der, root.der])).toBe(true);
		expect(trusted(whole, [stranger.der])).toBe(false);
		expect(trusted(issued, [root.der])).toBe(false);
		expect(trusted(whole, [root.der], new Date("2027-06-01T00:00:00Z"))).toBe(false);
		expect(trusted(mark(), [root.der])).toBe(false);
		expect(trusted(whole, [])).toBeNull();
	});

	it("takes any octets", () => {
		fc.assert(fc.property(fc.uint8Array(), (octets) => facts(octets).seen === false));
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
				const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(octets).toString("base64")}\n-----END CERTIFICATE-----`;
				return facts(Buffer.from(pem)).seen === false;
			}),
		);
		expect(facts(Buffer.from("-----BEGIN CERTIFICATE-----".repeat(5000))).seen).toBe(false);
	});
});
