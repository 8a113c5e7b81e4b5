import { type DiffEntry, type DiffGroup, diffGroups, diffResults } from "../model/diff.ts";
import { type ReadScan, readScan } from "./read-scan.ts";

export interface Comparison {
	before: ReadScan;
	after: ReadScan;
	entries: DiffEntry[];
	counts: Readonly<Record<DiffGroup, number>>;
}

/** Compares two bundles or result.json files. Throws InputError for what is neither, and for a bundle that was changed. */
export async function compareScans(before: string, after: string): Promise<Comparison> {
	const [one, two] = [await readScan(before, "OLD"), await readScan(after, "NEW")];
	const entries = diffResults(one.result, two.result);
	const counts = Object.fromEntries(diffGroups.map((group) => [group, entries.filter((entry) => entry.group === group).length])) as Record<DiffGroup, number>;
	return { before: one, after: two, entries, counts };
}
