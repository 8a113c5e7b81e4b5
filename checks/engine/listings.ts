import type { EvidenceError, ListingValues } from "../../model/evidence.ts";
import type { EvidenceStore } from "./evidence-store.ts";

/**
 * Why the items of a kind on a target cannot be taken for all there are: the listing failed, says itself that it stopped
 * early, or counts more than the evidence holds. A listing that is not there is the caller's to judge.
 */
export function listingFault(store: EvidenceStore, target: string, kind: string): EvidenceError | undefined {
	const listing = store.listing(target, kind);
	if (listing === undefined) return undefined;
	if (listing.status === "error") return listing.error ?? { code: "malformed", detail: kind, message: "the listing carries no error code" };
	const values = listing.values as ListingValues;
	if (!values.complete) return { code: "not_collected", detail: kind, message: `not all items of ${kind} were listed` };
	const present = store.items(target, kind).length;
	if (present < values.count) {
		return { code: "not_collected", detail: kind, message: `the listing counts ${values.count} items of ${kind}; the evidence holds ${present}` };
	}
	return undefined;
}
