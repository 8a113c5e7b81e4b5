import { byCodeUnit } from "../../model/canonical.ts";
import type { Target } from "../../model/evidence.ts";
import type { ConformancePacks } from "../../model/result.ts";
import type { EvidenceStore } from "./evidence-store.ts";
import { listingFault } from "./listings.ts";

const kind = "aws.config_pack_rule";

interface PackRule {
	pack: string;
	rule: string;
	compliance?: string;
}

function packRulesOf(store: EvidenceStore, target: string): PackRule[] {
	return store.items(target, kind).flatMap((item) => (item.status === "ok" ? [item.values as PackRule] : []));
}

/** The conformance packs of a target by the names of their rules. */
export function packsByRule(store: EvidenceStore, target: string): ReadonlyMap<string, string[]> {
	return store.remember(target, "conformance packs by rule", () => {
		const byRule = Map.groupBy(packRulesOf(store, target), ({ rule }) => rule);
		return new Map([...byRule].map(([rule, of]) => [rule, [...new Set(of.map(({ pack }) => pack))].sort(byCodeUnit)]));
	});
}

/** What each conformance pack says, counted by its rules; undefined where no account was asked. */
export function conformancePacksOf(store: EvidenceStore, targets: readonly Target[]): ConformancePacks | undefined {
	const asked = targets.filter(({ id, type }) => type === "account" && store.listing(id, kind) !== undefined);
	if (asked.length === 0) return undefined;
	const packs = asked.flatMap(({ id: target }) =>
		[...Map.groupBy(packRulesOf(store, target), ({ pack }) => pack)].map(([pack, rules]) => {
			const saying = (compliance: string): number => rules.filter((one) => one.compliance === compliance).length;
			const [compliant, nonCompliant] = [saying("COMPLIANT"), saying("NON_COMPLIANT")];
			return { target, pack, compliant, nonCompliant, undecided: rules.length - compliant - nonCompliant };
		}),
	);
	const unread = asked.filter(({ id }) => !isWhole(store, id)).map(({ id }) => id);
	return { packs: packs.sort((a, b) => byCodeUnit(a.target, b.target) || byCodeUnit(a.pack, b.pack)), unread: unread.sort(byCodeUnit) };
}

function isWhole(store: EvidenceStore, target: string): boolean {
	if (store.listing(target, kind)?.status !== "ok" || listingFault(store, target, kind) !== undefined) return false;
	return store.items(target, kind).every((item) => item.status !== "error");
}
