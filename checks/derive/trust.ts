import type { Evidence, EvidenceError } from "../../model/evidence.ts";
import { publicRootsAnd, type TrustRoots } from "../protocols/certificate/index.ts";
import { type DerivationView, errorOf } from "./derivation.ts";

/**
 * The anchors in force: this Node's public roots and those of network.caFile, which the evidence carries. With one that could
 * not be read (`error`), a chain that leads to none of the others is not thereby untrusted.
 */
export function trustRoots(view: DerivationView): { roots: TrustRoots; items: readonly Evidence[]; error: EvidenceError | undefined } {
	const { ders, items, error } = anchorsOf(view, "config.trust_anchor");
	return { roots: publicRootsAnd(ders), items, error };
}

/** The user's own anchors of a kind; with one that could not be read, `error`. */
export function anchorsOf(view: DerivationView, kind: string): { ders: Uint8Array[]; items: readonly Evidence[]; error: EvidenceError | undefined } {
	const items = view.items(kind);
	const ders = items.filter((item) => item.status === "ok").map((item) => Buffer.from((item.values as { der: string }).der, "base64"));
	const unread = items.find((item) => item.status === "error");
	return { ders, items, error: view.listingError(kind) ?? (unread === undefined ? undefined : errorOf(unread, kind)) };
}
