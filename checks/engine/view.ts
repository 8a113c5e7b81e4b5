import { byCodeUnit } from "../../model/canonical.ts";
import type { Evidence, EvidenceError, Target } from "../../model/evidence.ts";
import type { Derivation, DerivationView } from "../derive/derivation.ts";
import { type EvidenceStore, listingOf } from "./evidence-store.ts";

/** Targets whose evidence a target's derivations may read besides its own: a domain's MX addresses, and the records. */
export function linkedTargets(target: Target, all: readonly Target[]): Target[] {
	if (target.type !== "domain") return [];
	return all.filter((other) => other.type === "records" || (other.type === "mx" && (other.domains ?? []).includes(target.id)));
}

/** The clock and the calendar of a run. */
export interface RunClock {
	asOf: Date;
	/** YYYY-MM-DD in the entity's time zone. */
	today: string;
}

export function viewOf(target: Target, store: EvidenceStore, { asOf, today }: RunClock, suppliedKinds: ReadonlySet<string>): DerivationView {
	const scope = [target, ...linkedTargets(target, store.targets)];
	return {
		target: target.id,
		asOf,
		today,
		items(kind) {
			const lists = scope.map((one) => store.items(one.id, kind)).filter((list) => list.length > 0);
			return lists.length === 1 ? [...(lists[0] as readonly Evidence[])] : lists.flat().sort((a, b) => byCodeUnit(a.id, b.id));
		},
		item(kind, id) {
			for (const one of scope) {
				const found = store.item(one.id, kind, id);
				if (found !== undefined) return found;
			}
			return undefined;
		},
		supplied: (kind) => suppliedKinds.has(kind),
		listingError(kind) {
			for (const one of scope) {
				const listing = store.listing(one.id, kind);
				if (listing?.status === "error") return listing.error as EvidenceError;
			}
			return undefined;
		},
	};
}

/** The calendar date of an instant in a time zone, YYYY-MM-DD. */
export function calendarDate(instant: Date, timeZone: string): string {
	return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(instant);
}

/** Runs a derivation and adds its items and their listings to the store. */
export async function runDerivation(
	derivation: Derivation,
	target: Target,
	store: EvidenceStore,
	clock: RunClock,
	suppliedKinds: ReadonlySet<string>,
): Promise<void> {
	const source = { collector: derivation.id, version: "1", call: `derived by ${derivation.id}`, target: target.id };
	const collectedAt = clock.asOf.toISOString();
	const counts = new Map(derivation.produces.map((kind) => [kind, 0]));
	const view = viewOf(target, store, clock, suppliedKinds);
	for (const { kind, id, error, values, gaps, basis } of await derivation.derive(view)) {
		const count = counts.get(kind);
		if (count === undefined) throw new Error(`derivation ${derivation.id} yields ${kind}, which it does not declare`);
		counts.set(kind, count + 1);
		const item: Evidence = {
			kind,
			id,
			status: error === undefined ? "ok" : "error",
			error,
			values,
			gaps,
			basis: basis.map((one) => store.sha256(one)).sort(byCodeUnit),
			source,
			collectedAt,
		};
		store.add(item);
	}
	for (const [kind, count] of counts) store.add(listingOf({ kind, target: target.id, count, complete: true }, source, collectedAt));
}
