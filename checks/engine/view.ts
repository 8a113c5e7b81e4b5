import { byCodeUnit } from "../../model/canonical.ts";
import type { Evidence, EvidenceError, Target } from "../../model/evidence.ts";
import { reasonCodes } from "../../model/reasons.ts";
import { type Derivation, type DerivationView, errorOf } from "../derive/derivation.ts";
import { type EvidenceStore, listingOf } from "./evidence-store.ts";
import { listingFault } from "./listings.ts";
import type { Supply } from "./selection.ts";

/** What the user declared of a domain: defaults in its place would judge another domain. */
const declarationKind = "config.domain";

/**
 * Targets whose evidence a target's derivations may read besides its own: of a domain its MX addresses, the records, the reports and the
 * content; of content the records and whose domains the entity's are; of a plan or an account the records.
 */
export function linkedTargets(target: Target, all: readonly Target[]): Target[] {
	if (target.type === "content") return all.filter((other) => other.type === "records" || other.type === "domain");
	if (target.type === "plan" || target.type === "account") return all.filter((other) => other.type === "records");
	if (target.type !== "domain") return [];
	return all.filter(
		(other) =>
			other.type === "records" || other.type === "reports" || other.type === "content" || (other.type === "mx" && (other.domains ?? []).includes(target.id)),
	);
}

/** The clock and the calendar of a run. */
export interface RunClock {
	asOf: Date;
	/** YYYY-MM-DD in the entity's time zone. */
	today: string;
}

export function viewOf(target: Target, store: EvidenceStore, { asOf, today }: RunClock, supply: Supply): DerivationView {
	const scope = [target, ...linkedTargets(target, store.targets)];
	return {
		target: target.id,
		asOf,
		today,
		items(kind) {
			const lists = scope.map((one) => store.items(one.id, kind)).filter((list) => list.length > 0);
			const [only] = lists;
			return only !== undefined && lists.length === 1 ? only : lists.flat().sort((a, b) => byCodeUnit(a.id, b.id));
		},
		item(kind, id) {
			for (const one of scope) {
				const found = store.item(one.id, kind, id);
				if (found !== undefined) return found;
			}
			return undefined;
		},
		others: (type) => store.targets.filter((one) => one.type === type).map((one) => viewOf(one, store, { asOf, today }, supply)),
		remember: (key, make) => store.remember(target.id, key, make),
		supplied: (kind) => store.targets.some((one) => supply.kinds(one.type).has(kind)),
		listingError: (kind) => scopeFault(kind, scope, store, supply)?.error,
	};
}

/** The first target in scope that was to list a kind and did not, or not whole. */
function scopeFault(
	kind: string,
	scope: readonly Target[],
	store: EvidenceStore,
	supply: Supply,
): { error: EvidenceError; listing: Evidence | undefined } | undefined {
	for (const one of scope) {
		if (!supply.kinds(one.type).has(kind)) continue;
		const listing = store.listing(one.id, kind);
		const error = listing === undefined ? missingListing(kind, one) : listingFault(store, one.id, kind);
		if (error !== undefined) return { error, listing };
	}
	return undefined;
}

function missingListing(kind: string, target: Target): EvidenceError {
	// The adapter lists every kind but those of the account as a whole.
	if (target.type === "plan") return { code: "not_in_plan", detail: kind, message: reasonCodes.not_in_plan.meaning };
	return { code: "not_collected", detail: kind, message: `the evidence of ${target.id} does not say whether all items of ${kind} were listed` };
}

/** By time zone: the format, and the last instant that was asked for, which is that of the run. */
const dayFormats = new Map<string, { format: Intl.DateTimeFormat; time: number; day: string }>();

/** The calendar date of an instant in a time zone, YYYY-MM-DD. */
export function calendarDate(instant: Date, timeZone: string): string {
	// The first format of a process loads the tables of all time zones, which UTC needs none of.
	if (timeZone === "UTC") return instant.toISOString().slice(0, 10);
	let known = dayFormats.get(timeZone);
	if (known === undefined) {
		known = { format: new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }), time: Number.NaN, day: "" };
		dayFormats.set(timeZone, known);
	}
	if (known.time !== instant.getTime()) {
		known.day = known.format.format(instant);
		known.time = instant.getTime();
	}
	return known.day;
}

/**
 * Runs a derivation and adds its items and their listings to the store. If a kind it needs was not listed whole, nothing can be
 * said of what it would have made: its listings then carry that error, and the checks on them are not assessed.
 */
export async function runDerivation(derivation: Derivation, target: Target, store: EvidenceStore, clock: RunClock, supply: Supply): Promise<void> {
	const source = { collector: derivation.id, version: "1", call: `derived by ${derivation.id}`, target: target.id };
	const collectedAt = clock.asOf.toISOString();
	const view = viewOf(target, store, clock, supply);
	const fault = needsFault(derivation, target, view, store, supply);
	if (fault !== undefined) {
		const basis = fault.rests === undefined ? [] : [store.sha256(fault.rests)];
		for (const kind of derivation.produces) {
			const listing = listingOf({ kind, target: target.id, count: 0, complete: false }, source, collectedAt);
			store.add({ ...listing, status: "error", error: fault.error, basis });
		}
		return;
	}
	const counts = new Map(derivation.produces.map((kind) => [kind, 0]));
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

/** Why a derivation is not run: a need that was not listed whole, or a domain whose declaration could not be read. */
function needsFault(
	derivation: Derivation,
	target: Target,
	view: DerivationView,
	store: EvidenceStore,
	supply: Supply,
): { error: EvidenceError; rests: Evidence | undefined } | undefined {
	const scope = [target, ...linkedTargets(target, store.targets)];
	for (const kind of derivation.needs) {
		const fault = scopeFault(kind, scope, store, supply);
		if (fault !== undefined) return { error: fault.error, rests: fault.listing };
	}
	if (!derivation.needs.includes(declarationKind)) return undefined;
	const declaration = view.item(declarationKind, target.id);
	const error = errorOf(declaration, declarationKind);
	return error === undefined ? undefined : { error, rests: declaration };
}
