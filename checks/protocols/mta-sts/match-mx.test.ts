import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchMtaStsMx } from "./match-mx.ts";
import { policyDomain } from "./policy-domain.ts";

describe("matchMtaStsMx (RFC 8461 4.1)", () => {
	it.each([
		["mail.example.com", "mail.example.com", true],
		["Mail.Example.com", "mAIL.eXAMPLE.COM.", true],
		["mail.example.com", "mail.example.com.evil", false],
		["mail.example.com", "xmail.example.com", false],
		["mail.example.com", "mailxexample.com", false],
		["*.example.com", "mail.example.com", true],
		["*.example.com", "example.com", false],
		["*.example.com", "a.b.example.com", false],
		["*.example.com", "mail.example.com.evil", false],
		["*.example.com", "evilexample.com", false],
		["*.com", "example.com", true],
		["*", "localhost", false],
		["*.", "localhost.", false],
		[".example.com", "mail.example.com", false],
		["mail.*.com", "mail.example.com", false],
		["m*.example.com", "mail.example.com", false],
		["mail.example.com.", "mail.example.com", false],
		["*.xn--bcher-kva.example", "mx.bücher.example", true],
		["*.0.2.1", "192.0.2.1", false],
		["", "", false],
	])("%j covers %j: %s", (pattern, host, expected) => {
		expect(matchMtaStsMx(pattern, host)).toBe(expected);
	});

	it("takes any text", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (pattern, host) => {
				expect(typeof matchMtaStsMx(pattern, host)).toBe("boolean");
			}),
		);
	});

	it("lets a wildcard stand for exactly one label", () => {
		fc.assert(
			fc.property(fc.array(fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/), { minLength: 0, maxLength: 4 }), (labels) => {
				expect(matchMtaStsMx("*.example.com", [...labels, "example", "com"].join("."))).toBe(labels.length === 1);
			}),
		);
	});
});

describe("policyDomain", () => {
	it.each([
		["good.loc", "good.loc"],
		["Good.LOC.", "good.loc"],
		["[good.loc]", "good.loc"],
		["[good.loc]:123", "good.loc"],
		["good.loc:123", "good.loc"],
		["bücher.example", "xn--bcher-kva.example"],
		[".good.loc", undefined],
		["[1.2.3.4]", undefined],
		["1.2.3.4", undefined],
		["[a:bb:ccc::dddd]:123", undefined],
		["a:bb:ccc::dddd", undefined],
		["a..b", undefined],
		["", undefined],
		[`${"a.".repeat(125)}loc`, undefined],
	])("%j: %s", (nextHop, domain) => {
		expect(policyDomain(nextHop)).toBe(domain);
	});
});
