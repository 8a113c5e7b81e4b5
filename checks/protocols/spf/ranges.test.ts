import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countAddresses, divide, toCidrs, union } from "./ranges.ts";

const range = fc
	.tuple(fc.nat({ max: 63 }), fc.nat({ max: 20 }))
	.map(([first, length]) => ({ first: BigInt(first), last: BigInt(Math.min(63, first + length)) }));

describe("ranges", () => {
	it("give every address to the first entry that holds it", () => {
		fc.assert(
			fc.property(fc.array(fc.array(range, { maxLength: 5 }), { maxLength: 6 }), (lists) => {
				const won = divide(lists.map((ranges, rank) => ({ ranges, rank })));
				for (let address = 0n; address < 64n; address++) {
					const holds = (ranges: readonly { first: bigint; last: bigint }[]): boolean => ranges.some((item) => item.first <= address && address <= item.last);
					const expected = lists.findIndex(holds);
					const got = [...won].filter(([, ranges]) => holds(ranges)).map(([rank]) => rank);
					expect(got).toEqual(expected === -1 ? [] : [expected]);
				}
			}),
		);
	});
	it("join into the fewest CIDR blocks of the same size", () => {
		fc.assert(
			fc.property(fc.array(range, { maxLength: 8 }), (ranges) => {
				const joined = union(ranges);
				let size = 0n;
				for (const block of toCidrs(joined, 4, 1000)) size += 1n << BigInt(32 - Number(block.split("/")[1]));
				expect(size).toBe(countAddresses(joined));
				for (const [at, item] of joined.entries()) expect(at === 0 || (joined[at - 1]?.last ?? 0n) + 1n < item.first).toBe(true);
			}),
		);
		expect(toCidrs([{ first: 0n, last: (1n << 128n) - 1n }], 6, 10)).toEqual(["::/0"]);
		expect(toCidrs([{ first: 0xc0000201n, last: 0xc0000206n }], 4, 10)).toEqual(["192.0.2.1/32", "192.0.2.2/31", "192.0.2.4/31", "192.0.2.6/32"]);
	});
});
