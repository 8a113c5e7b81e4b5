import { canonicalJson } from "./canonical.ts";
import type { ResultDocument, ResultItem } from "./result.ts";

/** How a result of two scans stands; each is in exactly one group. In the order in which they matter to a reader. */
export const diffGroups = [
	...["new", "regressed", "coverage_lost", "unwaived", "expired", "rule_changed", "fixed", "waived", "attested"],
	...["coverage_gained", "changed", "gone", "unchanged"],
] as const;
export type DiffGroup = (typeof diffGroups)[number];

/** What each group means, in words for reports and terminals. */
export const diffMeanings: Readonly<Record<DiffGroup, string>> = {
	new: "was absent or passing, now fails",
	regressed: "was fixed in an earlier scan, fails again",
	coverage_lost: "was assessed and is not any more",
	unwaived: "failed under a waiver that is gone, now counts again",
	expired: "a waiver or attestation ran out; the system did not change",
	rule_changed: "another set of policies judged the same thing differently",
	fixed: "failed, now passes on the same resource",
	waived: "fails as before, now under a waiver",
	attested: "a person's statement settles it now",
	coverage_gained: "was not assessed and is now",
	changed: "same state, another observed value",
	gone: "the resource left the scope; nothing is said of it",
	unchanged: "same state, same observed value",
};

export interface DiffEntry {
	group: DiffGroup;
	/** Fingerprint of the result. */
	id: string;
	before: ResultItem | null;
	after: ResultItem | null;
}

/** Compares two results by fingerprint. Entries in order of group, then of check and resource. */
export function diffResults(before: ResultDocument, after: ResultDocument): DiffEntry[] {
	const earlier = new Map(before.results.map((item) => [item.id, item]));
	const samePolicies = before.run.policySha256 === after.run.policySha256;
	const entries: DiffEntry[] = [];
	for (const item of after.results) {
		const old = earlier.get(item.id) ?? null;
		earlier.delete(item.id);
		entries.push({ group: groupOf(old, item, samePolicies), id: item.id, before: old, after: item });
	}
	for (const old of earlier.values()) entries.push({ group: "gone", id: old.id, before: old, after: null });
	const key = ({ before: a, after: b }: DiffEntry): string => `${(b ?? a)?.check ?? ""}\n${(b ?? a)?.resource ?? ""}`;
	return entries.sort((a, b) => diffGroups.indexOf(a.group) - diffGroups.indexOf(b.group) || (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

const isOpen = (item: ResultItem): boolean => item.state === "not_assessed" || item.state === "manual_pending";

function groupOf(old: ResultItem | null, item: ResultItem, samePolicies: boolean): DiffGroup {
	if (old === null) return item.state === "fail" ? (wasFixed(item) ? "regressed" : "new") : isOpen(item) ? "coverage_lost" : "coverage_gained";
	if (old.state === item.state) return sameSight(old, item) ? "unchanged" : "changed";
	if (isOpen(item)) return item.disposition === "attestation_expired" ? "expired" : isOpen(old) ? "changed" : "coverage_lost";
	if (item.state === "attested") return "attested";
	if (item.state === "exception") return "waived";
	if (item.state === "fail") {
		if (old.state === "exception") return item.disposition === "waiver_expired" ? "expired" : "unwaived";
		if (old.state === "attested") return item.disposition === "attestation_expired" ? "expired" : "new";
		// The same sight and another word: that is the rule's doing, not the system's.
		if (!samePolicies && sameSight(old, item)) return "rule_changed";
		return wasFixed(item) ? "regressed" : "new";
	}
	if (isOpen(old)) return "coverage_gained";
	if (old.state === "fail" || old.state === "exception")
		return !samePolicies && sameSight(old, item) ? "rule_changed" : item.state === "pass" ? "fixed" : "changed";
	return "changed";
}

/** The result's own history tells that it failed and was mended before. */
function wasFixed(item: ResultItem): boolean {
	const states = (item.history ?? []).map((past) => past.state);
	const failed = states.indexOf("fail");
	return failed !== -1 && states.slice(failed).includes("pass");
}

/** Lone surrogates, which scanned text may hold, have no canonical form: JSON.stringify has one for them. */
function sameSight(a: ResultItem, b: ResultItem): boolean {
	const sight = (item: ResultItem): string => JSON.stringify([item.path, item.reason?.code ?? null, canonical(item.observed), item.message]);
	return sight(a) === sight(b);
}

function canonical(value: unknown): string {
	return value === null || value === undefined ? "" : canonicalJson(JSON.parse(JSON.stringify(value).toWellFormed()) as unknown);
}
