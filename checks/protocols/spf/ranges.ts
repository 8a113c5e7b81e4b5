import type { IpAddress } from "./address.ts";
import { formatIp, widthOf } from "./address.ts";

/** An inclusive range of one family's address space. */
export interface IpRange {
	first: bigint;
	last: bigint;
}

/** Ranges of one entry of a first-match-wins list. */
export interface RankedRanges {
	ranges: readonly IpRange[];
	/** Lower wins. */
	rank: number;
}

export function networkRange(address: IpAddress, prefix: number): IpRange {
	const shift = BigInt(widthOf(address.family) - prefix);
	const first = (address.bits >> shift) << shift;
	return { first, last: first + (1n << shift) - 1n };
}

export function wholeSpace(family: 4 | 6): IpRange {
	return { first: 0n, last: (1n << BigInt(widthOf(family))) - 1n };
}

/**
 * Divides the address space among the entries as a left-to-right evaluation does: every address belongs to the entry of
 * the lowest rank that holds it. Gives the ranges per rank, sorted and disjoint. O(n log n), so that a record of
 * thousands of terms stays cheap.
 */
export function divide(entries: readonly RankedRanges[]): Map<number, IpRange[]> {
	const starts = entries.flatMap((entry) => entry.ranges.map((range) => ({ ...range, rank: entry.rank })));
	starts.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.rank - b.rank));
	const won = new Map<number, IpRange[]>();
	const active = new Heap<{ last: bigint; rank: number }>((a, b) => a.rank - b.rank);
	const give = (rank: number, first: bigint, last: bigint): void => {
		const list = won.get(rank) ?? [];
		if (list.length === 0) won.set(rank, list);
		const previous = list[list.length - 1];
		if (previous !== undefined && previous.last + 1n === first) previous.last = last;
		else list.push({ first, last });
	};
	let cursor = 0n;
	// Hands out everything up to `limit` (exclusive) to the best entry that still holds it.
	const advance = (limit: bigint | undefined): void => {
		for (let best = active.peek(); best !== undefined; best = active.peek()) {
			if (best.last < cursor) {
				active.pop();
				continue;
			}
			if (limit !== undefined && cursor >= limit) return;
			const last = limit !== undefined && best.last >= limit ? limit - 1n : best.last;
			give(best.rank, cursor, last);
			cursor = last + 1n;
		}
	};
	for (const start of starts) {
		advance(start.first);
		if (cursor < start.first) cursor = start.first;
		active.push({ last: start.last, rank: start.rank });
	}
	advance(undefined);
	return won;
}

/** Sorted, disjoint, adjacent ranges joined. */
export function union(ranges: readonly IpRange[]): IpRange[] {
	return divide([{ ranges, rank: 0 }]).get(0) ?? [];
}

export function countAddresses(ranges: readonly IpRange[]): bigint {
	let count = 0n;
	for (const range of ranges) count += range.last - range.first + 1n;
	return count;
}

/** The fewest CIDR blocks that make up the ranges, at most `limit` of them. */
export function toCidrs(ranges: readonly IpRange[], family: 4 | 6, limit: number): string[] {
	const width = widthOf(family);
	const blocks: string[] = [];
	for (const range of ranges) {
		let first = range.first;
		while (first <= range.last && blocks.length < limit) {
			let bits = 0;
			while (bits < width && (first & ((1n << BigInt(bits + 1)) - 1n)) === 0n && first + (1n << BigInt(bits + 1)) - 1n <= range.last) bits += 1;
			blocks.push(`${formatIp({ family, bits: first })}/${width - bits}`);
			first += 1n << BigInt(bits);
		}
	}
	return blocks;
}

class Heap<T> {
	readonly #items: T[] = [];
	readonly #compare: (a: T, b: T) => number;

	constructor(compare: (a: T, b: T) => number) {
		this.#compare = compare;
	}

	peek(): T | undefined {
		return this.#items[0];
	}

	push(item: T): void {
		const items = this.#items;
		let at = items.push(item) - 1;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			const above = items[parent];
			if (above === undefined || this.#compare(above, item) <= 0) break;
			items[at] = above;
			at = parent;
		}
		items[at] = item;
	}

	pop(): void {
		const items = this.#items;
		const last = items.pop();
		if (last === undefined || items.length === 0) return;
		let at = 0;
		for (;;) {
			const left = 2 * at + 1;
			const leftItem = items[left];
			const rightItem = items[left + 1];
			if (leftItem === undefined) break;
			const useRight = rightItem !== undefined && this.#compare(rightItem, leftItem) < 0;
			const child = useRight ? rightItem : leftItem;
			if (this.#compare(last, child) <= 0) break;
			items[at] = child;
			at = useRight ? left + 1 : left;
		}
		items[at] = last;
	}
}
