import { describe, expect, it } from "vitest";
import type { DnsAnswer } from "../../protocols/resolver.ts";
import { allowsRollover, tlsaFacts, tlsaRecords } from "./facts.ts";

function facts(...texts: string[]) {
	const answers = texts.map((text) => {
		const [usage, selector, matchingType, fill, length] = text.split(" ").map(Number) as [number, number, number, number, number];
		return { name: "x", type: "TLSA", ttl: 1, data: { usage, selector, matchingType, certificate: Buffer.alloc(length, fill) } };
	});
	const answer: DnsAnswer = { status: "ok", rcode: "NOERROR", answers };
	return tlsaFacts(tlsaRecords(answer));
}

describe("TLSA records as facts", () => {
	it("tell why a record is of no use", () => {
		expect(facts("3 1 1 7 32", "0 1 1 7 32", "4 1 1 7 32", "3 2 1 7 32", "3 1 3 7 32", "3 1 1 7 31", "3 1 0 7 4").map((record) => record.fault)).toEqual([
			null,
			"pkix_usage",
			"unknown_usage",
			"unknown_selector",
			"unknown_matching_type",
			"wrong_length",
			"malformed_data",
		]);
	});
	it("keep no more than a digest of the data", () => expect(facts("3 1 0 7 4000")[0]?.data).toHaveLength(128));
	it.each([
		[["3 1 1 1 32"], false],
		[["3 1 1 1 32", "3 1 1 1 32"], false],
		[["3 1 1 1 32", "3 1 2 2 64"], false],
		[["3 1 1 1 32", "3 0 1 2 32"], false],
		[["3 1 1 1 32", "3 1 1 2 32"], true],
		[["3 1 1 1 32", "2 1 1 2 32"], true],
		[["2 1 1 1 32"], false],
		[["2 1 1 1 32", "2 1 1 2 32"], true],
		[["3 1 1 1 32", "1 1 1 2 32"], false],
		[["3 1 1 1 32", "3 1 1 2 31"], false],
		[[], false],
	])("%j allow a rollover: %s", (texts, expected) => expect(allowsRollover(facts(...texts))).toBe(expected));
});
