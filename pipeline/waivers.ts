import { covers, lastDayOf, waiverOf } from "../checks/engine/dispositions.ts";
import { allChecks } from "../checks/engine/policy-lock.ts";
import { calendarDate } from "../checks/engine/view.ts";
import type { ResultItem } from "../model/result.ts";
import { InputError, nearestKey } from "../model/source.ts";
import { readScan } from "./read-scan.ts";
import { loadRecords } from "./records.ts";

export interface WaiverUse {
	id: string;
	/** Last day on which it holds, in the entity's time zone: as it says, but at most a year after its approval. */
	lastDay: string;
	/** Days from today until then; negative once it has run out. */
	daysLeft: number;
	isFuture: boolean;
	/** Failures that its scope covers, whether or not it still holds. */
	fails: ResultItem[];
	/** Results that its scope covers and that need none. */
	others: number;
	/** Ids of checks that it names and that no check of this version has, with the nearest one. */
	unknownChecks: { id: string; nearest: string | undefined }[];
	/** Linked checks that fail: the waiver is void. */
	voidBy: string[];
}

/** Lays the waivers of a records folder over the results of a scan, before they are used. Throws InputError for records with problems. */
export async function testWaivers(options: { scan: string; records: string; now: Date; signal: AbortSignal }): Promise<WaiverUse[]> {
	const { result } = await readScan(options.scan, "DIR");
	const { items, problems } = await loadRecords(options.records, { signal: options.signal });
	if (problems.length > 0) throw new InputError(problems);
	const today = calendarDate(options.now, result.entity.timeZone);
	const aliases = new Map(allChecks().map((check) => [check.id, check.aliases]));
	const known = new Set(allChecks().flatMap((check) => [check.id, ...check.aliases]));
	const failing = new Set(result.results.filter((item) => item.status === "fail").map((item) => item.check));
	return items
		.filter((item) => item.kind === "waiver")
		.map(({ values }) => {
			const waiver = waiverOf(values);
			const covered = result.results.filter((item) => covers(waiver, { ...item, fingerprint: item.id, aliases: aliases.get(item.check) ?? [] }));
			const lastDay = lastDayOf(waiver);
			const fails = covered.filter((item) => item.status === "fail");
			return {
				id: waiver.id,
				lastDay,
				daysLeft: Math.round((Date.parse(lastDay) - Date.parse(today)) / 86_400_000),
				isFuture: waiver.approvedOn > today,
				fails,
				others: covered.length - fails.length,
				unknownChecks: [...(waiver.scope.checks ?? []), ...waiver.checkIds]
					.filter((id) => !known.has(id))
					.map((id) => ({ id, nearest: nearestKey(id, [...known]) })),
				voidBy: waiver.checkIds.filter((check) => failing.has(check)),
			};
		});
}
