import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { EvidenceStore } from "../checks/engine/evidence-store.ts";
import type { CheckMetadata } from "../checks/engine/metadata.ts";
import { loadPolicyLock } from "../checks/engine/policy-lock.ts";
import { matchesGlob } from "../checks/engine/selection.ts";
import type { Verdict } from "../checks/engine/verdict.ts";
import type { Evidence, ListingValues, Target } from "../model/evidence.ts";
import { currentSupply } from "../pipeline/supply.ts";
import { listPolicies } from "../scripts/list-policies.ts";
import { type CheckCase, readCases } from "./support/case-file.ts";
import { itemMutations, listingMutations, mutate } from "./support/mutations.ts";
import { caseEvidence, derivationsBehind, judgeWithStore } from "./support/run-case.ts";
import { excuseOf, gapsTold, unneeded } from "./support/unneeded.ts";

/**
 * docs/architecture.md, "Verdict": for each passing case, drop or error each needed item in turn, and the verdict must leave
 * pass. Needed is what the verdict says it rests on (the basis of derived items included), and, for lists, every kind that the
 * check or a derivation behind it declares.
 */
const root = join(import.meta.dirname, "..");
const lock = loadPolicyLock();
const tally = { proven: 0, excused: 0, unmoved: 0 };
const usedExcuses = new Set<string>();

describe.each(listPolicies(root).checks)("$id leaves pass when what it needs is lost", ({ id, cases }) => {
	const check = metadataOf(id);
	it.each(readCases(join(root, cases)).filter((one) => one.expect.status === "pass"))("$name", async (one) => {
		const { targets, items } = await caseEvidence(check, one);
		const { verdicts, store } = await judgeWithStore(check, one, targets, items);
		const passed = verdicts.filter((verdict) => verdict.status === "pass");
		expect(passed.length).toBeGreaterThan(0);
		const declared = declaredKinds(check, targets, items);
		const problems: string[] = [];
		const judged = async (changed: Evidence[]) => (await judgeWithStore(check, one, targets, changed)).verdicts;

		for (const victim of items.filter((item) => declared.has(kindOf(item)))) {
			const isListing = victim.kind === "listing";
			for (const mutation of isListing ? listingMutations : itemMutations) {
				// A list that counts more than there is spoils the whole kind; an item that no list misses, what rests on it.
				const needing = isListing || mutation === "drop" ? passed : passed.filter((verdict) => restsOn(verdict, store).has(store.sha256(victim)));
				const after = needing.length === 0 ? [] : await judged(mutate(items, victim, mutation));
				const about = (verdict: Verdict) => `${mutation} ${victim.kind} ${victim.id}: ${verdict.target.id} ${verdict.resource}`;
				for (const verdict of needing) {
					const now = after.find((other) => keyOf(other) === keyOf(verdict));
					if (now?.status === "pass") {
						const excuse = excuseOf(id, victim, kindOf(victim), mutation) ?? one.survives.find((own) => fits(own, victim));
						if (excuse === undefined) problems.push(`${about(verdict)} still passes`);
						else {
							tally.excused += 1;
							usedExcuses.add(excuse.why);
						}
						continue;
					}
					tally.proven += 1;
					if (mutation === "drop and uncount") continue;
					// What could not be looked at is neither a fail nor out of scope.
					if (now?.status === "fail") problems.push(`${about(verdict)} fails, though nobody could look`);
					const witness = gapsTold.find((told) => told.checks.test(id))?.by;
					const witnesses = witness === undefined ? after : (await judgeWithStore(metadataOf(witness), one, targets, mutate(items, victim, mutation))).verdicts;
					const isTold = [...after, ...witnesses].some((other) => other.target.id === verdict.target.id && other.status === "not_assessed");
					if (!isTold) problems.push(`${about(verdict)} is gone without a gap`);
				}
			}
		}
		for (const { why } of one.survives) if (!usedExcuses.has(why)) problems.push(`nothing survives for the reason given: ${why}`);
		expect(problems).toEqual([]);

		const others = items.filter((item) => !declared.has(kindOf(item)));
		for (const changed of [
			items.filter((item) => !others.includes(item)),
			items.map((item) => (others.includes(item) ? mutate([item], item, "error")[0] : item)),
		]) {
			const after = await judged(changed as Evidence[]);
			expect(after.map((verdict) => [keyOf(verdict), verdict.status])).toEqual(verdicts.map((verdict) => [keyOf(verdict), verdict.status]));
			tally.unmoved += others.length;
		}
	});
});

describe("the list of what is not needed", () => {
	it.each(unneeded.map(({ why }) => why))("is used: %s", (why) => expect(usedExcuses).toContain(why));
});

afterAll(() => {
	console.log(`mutations: ${tally.proven} proven, ${tally.excused} excused by ${usedExcuses.size} reasons, ${tally.unmoved} of other kinds that move nothing`);
});

function metadataOf(id: string): CheckMetadata {
	const entry = lock.checks[id];
	if (entry === undefined) throw new Error(`${id} is not in policy.lock.json: run npm run policies`);
	return entry.metadata;
}

function declaredKinds(check: CheckMetadata, targets: readonly Target[], items: readonly Evidence[]): Set<string> {
	const kinds = new Set(check.evidence);
	for (const target of targets) {
		for (const derivation of derivationsBehind(check, target.type)) for (const kind of [...derivation.needs, ...(derivation.uses ?? [])]) kinds.add(kind);
	}
	// A kind that no target of the case supplies, and that the case does not bring itself, is in none of its evidence.
	const brought = new Set(items.map(kindOf));
	return new Set([...kinds].filter((kind) => brought.has(kind) || targets.some((target) => currentSupply().kinds(target.type).has(kind))));
}

function restsOn(verdict: Verdict, store: EvidenceStore): Set<string> {
	return new Set(verdict.evidence.flatMap((item) => item.basis ?? [store.sha256(item)]));
}

function fits({ kind, id, listing }: CheckCase["survives"][number], victim: Evidence): boolean {
	if (kindOf(victim) !== kind || listing !== (victim.kind === "listing")) return false;
	return listing || matchesGlob(victim.id, id);
}

function kindOf(item: Evidence): string {
	return item.kind === "listing" ? (item.values as ListingValues).kind : item.kind;
}

function keyOf(verdict: Verdict): string {
	return `${verdict.target.id}\n${verdict.resource}`;
}
