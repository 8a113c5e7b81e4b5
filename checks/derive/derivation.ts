import type { DomainConfig } from "../../model/config.ts";
import type { Evidence, EvidenceError, Gap, TargetType } from "../../model/evidence.ts";

/**
 * What needs several items or the clock: joins and ages, as facts without opinion. Pure: (evidence, asOf) -> derived items.
 * A new folder beside this file with a default export of this shape is found by path.
 */
export interface Derivation {
	/** Folder name. */
	id: string;
	/** The type of target whose view it is given. */
	target: TargetType;
	/**
	 * Kinds it reads; one that no given target can supply leaves the derivation, and the checks on it, unselected. It is run only
	 * if every one of them was listed whole: no item it makes rests on a list that may lack something.
	 */
	needs: readonly string[];
	/** Kinds that it reads if they are there; a list of them that is missing or not whole (listingError) it turns into a gap itself. */
	uses?: readonly string[];
	produces: readonly string[];
	derive(view: DerivationView): DerivedItem[] | Promise<DerivedItem[]>;
}

/** What a derivation may look at: the items of its own target, and those of the targets linked to it (a domain's MX addresses, the records). */
export interface DerivationView {
	target: string;
	asOf: Date;
	/** The calendar day of asOf in the entity's time zone, YYYY-MM-DD: what the dates of records are measured by. */
	today: string;
	/** Items of a kind on the target and on linked targets, in order of id. */
	items(kind: string): readonly Evidence[];
	item(kind: string, id: string): Evidence | undefined;
	/** False if no target that supplies the kind was given at all. */
	supplied(kind: string): boolean;
	/** Views of the run's targets of a type, in the order they were given: only what compares targets looks beyond its own. */
	others(type: TargetType): DerivationView[];
	/** Makes something once per target, for all derivations that need it. */
	remember<T>(key: string, make: () => T): T;
	/** Why the items of a kind in view may not be all: a listing that failed, stopped early, counts more than there are, or is missing where a target was to list it. */
	listingError(kind: string): EvidenceError | undefined;
}

export interface DerivedItem {
	kind: string;
	id: string;
	/** Set when a needed input errored or is missing: the item is then in status error. */
	error?: EvidenceError;
	values?: unknown;
	gaps?: Record<string, Gap>;
	/** The items it rests on. */
	basis: readonly Evidence[];
}

interface DomainDeclaration extends DomainConfig {
	/** How many of the usual selectors were asked, where the run was limited: network.dkimGuesses. */
	dkimGuesses?: number;
}

/** The declaration of the domain a view is about, with defaults where the evidence lacks it. */
export function domainDeclaration(view: DerivationView): { values: DomainDeclaration; item: Evidence | undefined } {
	const item = view.item("config.domain", view.target);
	const values = (item?.values ?? { name: view.target, sends: true, receives: true, dkimSelectors: [] }) as DomainDeclaration;
	return { values, item };
}

/** An error to pass on when an input could not be seen. */
export function errorOf(item: Evidence | undefined, what: string): EvidenceError | undefined {
	if (item === undefined) return { code: "not_collected", detail: what, message: `the evidence holds no ${what}` };
	if (item.status === "error") return item.error ?? { code: "malformed", detail: what, message: "the item carries no error code" };
	return undefined;
}
