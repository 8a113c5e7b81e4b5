import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../model/evidence.ts";
import { dnssecKind, storeAnswer } from "../../collectors/dnssec/schema.ts";
import type { SignedZoneOptions } from "../../protocols/dnssec/testing/sign-zone.ts";
import { signedWorld } from "../../protocols/dnssec/testing/signed-world.ts";
import type { RecordType } from "../../protocols/resolver.ts";
import { zoneFacts } from "./zone-facts.ts";

const now = new Date("2026-11-24T09:00:00Z");
const seconds = now.getTime() / 1000;

async function factsOf(zone: Partial<SignedZoneOptions>, at = now) {
	const world = signedWorld({ now: at, zones: [{ name: "org" }, { name: "example.org", records: { "example.org": { TXT: [[Buffer.from("x")]] } }, ...zone }] });
	const questions: [string, RecordType][] = [
		["example.org", "DNSKEY"],
		["example.org", "DS"],
		["example.org", "TXT"],
		["example.org", "CNAME"],
	];
	const items: Evidence[] = [];
	for (const [name, type] of questions) {
		const stored = storeAnswer(await world.resolve(name, type), type);
		items.push({
			kind: dnssecKind(type),
			id: name,
			...stored,
			source: { collector: "dnssec", version: "1", call: "x", target: "x" },
			collectedAt: at.toISOString(),
		});
	}
	return zoneFacts("example.org", JSON.parse(JSON.stringify(items)) as Evidence[], at);
}

describe("facts of a signed zone", () => {
	it("tell algorithms, digests, keys and how absence is proven", async () => {
		expect(await factsOf({ algorithms: [8, 14], digestTypes: [4, 2], rsaBits: 2048 })).toMatchObject({
			algorithms: [8, 14],
			digestTypes: [2, 4],
			keys: [
				{ flags: 257, algorithm: 8, bits: 2048 },
				{ flags: 257, algorithm: 14, bits: 384 },
				{ flags: 256, algorithm: 8, bits: 2048 },
				{ flags: 256, algorithm: 14, bits: 384 },
			],
			denial: { type: "NSEC", iterations: 0, saltLength: 0 },
			signatures: { daysLeft: 30, notYetValid: [] },
		});
		expect(await factsOf({ nsec3: { iterations: 7, salt: Buffer.from("abcd", "hex"), optOut: true } })).toMatchObject({
			denial: { type: "NSEC3", iterations: 7, saltLength: 2, optOut: true },
		});
	});
	it.each([
		[86_400 * 3, 3],
		[86_400 * 3 - 1, 2],
		[0, 0],
		[-1, -1],
		[-86_400, -1],
		[-86_401, -2],
	])("%i seconds are %i whole days left", async (left, days) => {
		const { signatures } = await factsOf({ inception: seconds - 10_000_000, expiration: seconds + left });
		expect(signatures).toMatchObject({ daysLeft: days, earliest: { expires: new Date((seconds + left) * 1000).toISOString() } });
	});
	it("name signatures that do not hold yet, and count over the end of 32 bits", async () => {
		expect((await factsOf({ inception: seconds + 60 })).signatures.notYetValid).toContain("TXT example.org");
		const late = new Date((2 ** 32 - 10) * 1000);
		expect((await factsOf({}, late)).signatures).toMatchObject({ daysLeft: 30, notYetValid: [] });
	});
	it("are empty for a zone of which nothing is stored", () => {
		expect(zoneFacts("example.org", [], now)).toEqual({
			algorithms: [],
			digestTypes: [],
			keys: [],
			denial: null,
			signatures: { count: 0, daysLeft: null, earliest: null, notYetValid: [] },
		});
	});
});
