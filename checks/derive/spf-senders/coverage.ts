import { parseIp } from "../../protocols/spf/address.ts";
import { countAddresses, divide, type IpRange, networkRange, toCidrs, union } from "../../protocols/spf/ranges.ts";

export type Ranges = Readonly<Record<4 | 6, readonly IpRange[]>>;

/** CIDR blocks as ranges by family. */
export function rangesOf(cidrs: readonly string[]): Ranges {
	const ranges: Record<4 | 6, IpRange[]> = { 4: [], 6: [] };
	for (const cidr of cidrs) {
		const [text = "", prefix = ""] = cidr.split("/");
		const address = parseIp(text);
		if (address !== undefined) ranges[address.family].push(networkRange(address, Number(prefix)));
	}
	return ranges;
}

/** How many of a provider's addresses a record holds, and the blocks of the provider that it lacks (at most 20 per family). */
export function coverage(own: Ranges, theirs: Ranges): { common: bigint; missing: string[] } {
	let common = 0n;
	const missing: string[] = [];
	for (const family of [4, 6] as const) {
		const left =
			divide([
				{ ranges: own[family], rank: 0 },
				{ ranges: theirs[family], rank: 1 },
			]).get(1) ?? [];
		common += countAddresses(union(theirs[family])) - countAddresses(left);
		missing.push(...toCidrs(left, family, 20));
	}
	return { common, missing };
}
