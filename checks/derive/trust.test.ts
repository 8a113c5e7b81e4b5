import { expect, it } from "vitest";
import type { Evidence } from "../../model/evidence.ts";
import type { DerivationView } from "./derivation.ts";
import { anchorsOf } from "./trust.ts";

const kind = "config.mark_anchor";
const common = { kind, source: { collector: "bimi", version: "1", call: "network.markAnchors", target: "example.org" }, collectedAt: "" };
const read: Evidence = { ...common, id: "a", status: "ok", values: { der: "AQID" } };
const unread: Evidence = { ...common, id: "b", status: "error", error: { code: "malformed", message: "case" } };

function anchors(items: Evidence[], listingError?: Evidence["error"]): ReturnType<typeof anchorsOf> {
	const view: Partial<DerivationView> = { items: () => items, listingError: () => listingError };
	return anchorsOf(view as DerivationView, kind);
}

it("anchors are those that could be read, with the fault of one that could not, or of the list", () => {
	expect(anchors([read])).toEqual({ ders: [Buffer.from([1, 2, 3])], items: [read], error: undefined });
	expect(anchors([read, unread])).toMatchObject({ ders: [Buffer.from([1, 2, 3])], error: { code: "malformed" } });
	expect(anchors([], { code: "not_collected", message: "case" })).toMatchObject({ ders: [], error: { code: "not_collected" } });
});
