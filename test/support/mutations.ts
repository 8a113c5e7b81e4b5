import type { Evidence, ListingValues } from "../../model/evidence.ts";
import { listingId } from "../../model/evidence.ts";

/** The ways in which one item can be lost: gone, gone without its listing knowing of it, or not readable. */
export const itemMutations = ["drop", "drop and uncount", "error"] as const;
/** The ways in which a listing can be lost. */
export const listingMutations = ["drop", "error"] as const;
export type Mutation = (typeof itemMutations)[number];

/** The evidence after something happened to one item of it. */
export function mutate(items: readonly Evidence[], victim: Evidence, mutation: Mutation): Evidence[] {
	if (mutation === "error") return items.map((item) => (item === victim ? unreadable(item) : item));
	const rest = items.filter((item) => item !== victim);
	return mutation === "drop" ? rest : rest.map((item) => (isListingOf(item, victim) ? uncounted(item) : item));
}

export function unreadable(item: Evidence): Evidence {
	const { kind, id, source, collectedAt } = item;
	return { kind, id, status: "error", error: { code: "permission_denied", detail: "mutation", message: "denied" }, source, collectedAt };
}

function isListingOf(item: Evidence, victim: Evidence): boolean {
	return item.kind === "listing" && item.source.target === victim.source.target && item.id === listingId(victim.kind, victim.source.target);
}

function uncounted(listing: Evidence): Evidence {
	const values = listing.values as ListingValues;
	return { ...listing, values: { ...values, count: values.count - 1 } };
}
