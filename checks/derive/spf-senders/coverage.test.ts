import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coverage, rangesOf } from "./coverage.ts";

const held = (own: string[], theirs: string[]) => coverage(rangesOf(own), rangesOf(theirs));

describe("coverage", () => {
	it("compares addresses, not how they are written", () => {
		expect(held(["192.0.2.0/25", "192.0.2.128/25"], ["192.0.2.0/24"])).toEqual({ common: 256n, missing: [] });
		expect(held(["192.0.2.0/24"], ["192.0.2.0/24", "2001:db8::/32"])).toEqual({ common: 256n, missing: ["2001:db8::/32"] });
		expect(held(["198.51.100.0/24"], ["192.0.2.0/24"])).toEqual({ common: 0n, missing: ["192.0.2.0/24"] });
		expect(held(["192.0.2.0/26"], ["192.0.2.0/24"]).missing).toEqual(["192.0.2.64/26", "192.0.2.128/25"]);
	});

	it("finds nothing missing from a list that holds the other", () => {
		const cidr = fc.tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 })).map(([address, prefix]) => `${address}/${prefix}`);
		fc.assert(
			fc.property(fc.array(cidr, { maxLength: 8 }), fc.array(cidr, { maxLength: 8 }), (own, theirs) => {
				expect(held([...own, ...theirs], theirs).missing).toEqual([]);
			}),
		);
	});
});
