import type { DiffGroup } from "../../model/diff.ts";
import type { ResultDocument, ResultItem, State } from "../../model/result.ts";

/** The state of a result in the scan that --baseline named; null where that scan had no such result. */
export function priorState(item: ResultItem, baseline: { asOf: string }): State | null {
	if (item.history === undefined) return null;
	const last = item.history.at(-1);
	return last?.lastSeen === baseline.asOf ? last.state : item.state;
}

/** Groups of `mailward diff` that one document can tell by itself: it carries states, not what was observed before. */
const toldGroups = ["new", "regressed", "coverage_lost", "fixed", "coverage_gained", "changed", "unchanged"] as const satisfies readonly DiffGroup[];
export type ToldGroup = (typeof toldGroups)[number];

/** Each counted result in exactly one group, so that the groups add up to the rows. Null without a baseline. */
export function changesOf(document: ResultDocument, results: readonly ResultItem[]): ReadonlyMap<ToldGroup, number> | null {
	const { baseline } = document.run;
	if (baseline === undefined) return null;
	const groups = new Map<ToldGroup, number>(toldGroups.map((group) => [group, 0]));
	for (const item of results) {
		const group = groupOf(item, priorState(item, baseline));
		groups.set(group, (groups.get(group) ?? 0) + 1);
	}
	return groups;
}

function groupOf(item: ResultItem, prior: State | null): ToldGroup {
	if (prior === item.state) return "unchanged";
	if (isOpen(item.state)) return prior !== null && isOpen(prior) ? "changed" : "coverage_lost";
	if (item.state === "fail") return wasFixed(item) ? "regressed" : "new";
	if (prior === null || isOpen(prior)) return "coverage_gained";
	return item.state === "pass" && (prior === "fail" || prior === "exception") ? "fixed" : "changed";
}

function isOpen(state: State): boolean {
	return state === "not_assessed" || state === "manual_pending";
}

function wasFixed(item: ResultItem): boolean {
	const past = (item.history ?? []).map((one) => one.state);
	const failed = past.indexOf("fail");
	return failed !== -1 && past.slice(failed).includes("pass");
}
