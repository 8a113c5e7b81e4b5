import type { Evidence, Gap } from "../../../model/evidence.ts";
import type { DerivationView } from "../derivation.ts";

const day = 86_400_000;
/** The reports that the catalogue wants judged. */
export const windowDays = 30;

export interface Reports<Values> {
	/** Ended within the window and about the domain, each report once. */
	recent: Values[];
	/** When the newest one about the domain ended; null without any. */
	newest: string | null;
	/** Why nothing recent can be said. */
	stale: Gap | undefined;
	/** The first report that could not be read whole: it may be about the domain, and say anything. */
	unread: Gap | undefined;
	basis: Evidence[];
}

interface Dated {
	organization: string | null;
	reportId: string | null;
	begin: string;
	end: string;
}

/**
 * The reports of a kind that are about a domain and ended in the 30 days before asOf, or up to a day after it: reporters' clocks
 * and time zones differ. What ends later is not counted.
 */
export function reportsOf<Values extends Dated>(
	view: DerivationView,
	kind: string,
	parse: (values: unknown) => Values | undefined,
	isAbout: (values: Values) => boolean,
): Reports<Values> {
	const from = view.asOf.getTime() - windowDays * day;
	const to = view.asOf.getTime() + day;
	const found: Reports<Values> = { recent: [], newest: null, stale: undefined, unread: undefined, basis: [] };
	const seen = new Set<string>();
	let last: { end: number; item: Evidence } | undefined;
	for (const item of view.items(kind)) {
		const values = item.status === "ok" ? parsedOnce(item, parse) : undefined;
		if (values === undefined) {
			found.unread ??= { code: item.error?.code ?? "malformed", detail: item.id };
			found.basis.push(item);
			continue;
		}
		const end = Date.parse(values.end);
		if (!isAbout(values) || !(end <= to)) continue;
		if (last === undefined || end > last.end) last = { end, item };
		if (end < from) continue;
		found.basis.push(item);
		// The same report by mail and as a file counts once; without an id it cannot be told.
		const key = JSON.stringify([values.organization, values.reportId, values.begin, values.end]);
		if (values.reportId !== null && seen.has(key)) continue;
		seen.add(key);
		found.recent.push(values);
	}
	if (last !== undefined) found.newest = new Date(last.end).toISOString();
	if (found.recent.length > 0) return found;
	if (last !== undefined) {
		found.basis.push(last.item);
		found.stale = { code: "evidence_stale", detail: `the newest report ended ${found.newest}` };
	} else found.stale = { code: "input_not_supplied", detail: `${kind === "report.tls" ? "TLS" : "DMARC aggregate"} reports about ${view.target}` };
	return found;
}

/** One folder of reports serves many domains: each item is parsed once. */
const parsed = new WeakMap<Evidence, { values: unknown }>();

function parsedOnce<Values>(item: Evidence, parse: (values: unknown) => Values | undefined): Values | undefined {
	let known = parsed.get(item);
	if (known === undefined) {
		known = { values: parse(item.values) };
		parsed.set(item, known);
	}
	return known.values as Values | undefined;
}

export function sum(numbers: readonly number[]): number {
	let total = 0;
	for (const number of numbers) total += number;
	return total;
}
