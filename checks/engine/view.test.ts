import { describe, expect, it } from "vitest";
import type { Evidence, Target } from "../../model/evidence.ts";
import type { Derivation } from "../derive/derivation.ts";
import type { EvidenceStore } from "./evidence-store.ts";
import { createSupply } from "./selection.ts";
import { item, storeOf, unreadable } from "./testing/engine.ts";
import { calendarDate, linkedTargets, runDerivation, viewOf } from "./view.ts";

const domain: Target = { id: "example.org", type: "domain" };
const mx: Target = { id: "mx|192.0.2.1|25", type: "mx", domains: ["example.org"] };
const strange: Target = { id: "mx|192.0.2.9|25", type: "mx", domains: ["example.net"] };
const records: Target = { id: "records/", type: "records" };
const clock = { asOf: new Date("2026-01-01T00:00:00Z"), today: "2026-01-01" };
const on = (target: Target, kind: string, id: string, more: Partial<Evidence> = {}) =>
	item(kind, id, {}, { ...more, source: { collector: "c", version: "1", call: "c", target: target.id } });
const listing = (target: Target, kind: string, more: Partial<Evidence> = {}, values = {}) =>
	on(target, "listing", `${kind}@${target.id}`, { values: { kind, target: target.id, count: 0, complete: true, ...values }, ...more });

const derivation: Derivation = {
	id: "sample",
	target: "domain",
	needs: ["dns.txt", "tls.session"],
	uses: ["record.baa"],
	produces: ["derived.sample"],
	derive: (view) => [{ kind: "derived.sample", id: view.target, values: { seen: view.items("dns.txt").length }, basis: view.items("dns.txt") }],
};
const supply = createSupply(
	[
		{ target: "domain", produces: ["dns.txt", "config.domain"] },
		{ target: "mx", produces: ["tls.session"] },
		{ target: "records", produces: ["record.baa"] },
	],
	[derivation],
);
const targets = [domain, mx, strange, records];

async function derive(store: EvidenceStore, one = derivation): Promise<{ items: readonly Evidence[]; listing: Evidence | undefined }> {
	await runDerivation(one, domain, store, clock, supply);
	return { items: store.items(domain.id, "derived.sample"), listing: store.listing(domain.id, "derived.sample") };
}

describe("what a derivation sees", () => {
	it("is its target's, its MX addresses' and the records', by id, and no other's", () => {
		expect(linkedTargets(domain, targets)).toEqual([mx, records]);
		expect(linkedTargets(mx, targets)).toEqual([]);
		const store = storeOf(
			[on(mx, "tls.session", "b"), on(domain, "tls.session", "c"), on(strange, "tls.session", "a"), on(records, "record.baa", "r")],
			[],
			targets,
		);
		const view = viewOf(domain, store, clock, supply);
		expect(view.items("tls.session").map((one) => one.id)).toEqual(["b", "c"]);
		expect(view.item("tls.session", "a")).toBeUndefined();
		expect(view.item("record.baa", "r")?.id).toBe("r");
		expect([view.supplied("record.baa"), view.supplied("no.such")]).toEqual([true, false]);
	});

	it("tells of lists that are missing, short or in error, on every target in view that was to make them", () => {
		const errorOf = (...items: Evidence[]) => viewOf(domain, storeOf(items, [], targets), clock, supply).listingError("tls.session")?.code;
		expect(errorOf(listing(mx, "tls.session"))).toBeUndefined();
		expect(errorOf()).toBe("not_collected");
		expect(errorOf(listing(mx, "tls.session", {}, { count: 1 }))).toBe("not_collected");
		expect(errorOf(listing(mx, "tls.session", { status: "error", error: { code: "timeout", message: "m" } }))).toBe("timeout");
		expect(errorOf(listing(mx, "tls.session"), listing(strange, "tls.session", { status: "error" }))).toBeUndefined();
		expect(viewOf(domain, storeOf([], [], [domain]), clock, supply).listingError("tls.session")).toBeUndefined();
	});
});

describe("a derivation", () => {
	it("adds its items with the hashes they rest on, and their list", async () => {
		const txt = on(domain, "dns.txt", "a");
		const store = storeOf([txt], ["tls.session", "dns.txt"], targets);
		const { items, listing: made } = await derive(store);
		expect(items).toMatchObject([
			{ id: "example.org", status: "ok", values: { seen: 1 }, basis: [store.sha256(txt)], collectedAt: "2026-01-01T00:00:00.000Z" },
		]);
		expect(made).toMatchObject({ status: "ok", values: { count: 1, complete: true } });
	});

	it.each([
		["a list is missing", [listing(domain, "dns.txt")], "not_collected"],
		["a list counts more than there is", [listing(domain, "dns.txt", {}, { count: 2 }), listing(mx, "tls.session")], "not_collected"],
		["a list stopped early", [listing(domain, "dns.txt", {}, { complete: false }), listing(mx, "tls.session")], "not_collected"],
		[
			"a list of an MX address failed",
			[listing(domain, "dns.txt"), listing(mx, "tls.session", { status: "error", error: { code: "throttled", message: "m" } })],
			"throttled",
		],
	] as const)("is not run where %s: its own list says why", async (_what, items, code) => {
		const { items: made, listing: list } = await derive(storeOf([...items], [], targets));
		expect(made).toEqual([]);
		expect(list).toMatchObject({ status: "error", error: { code } });
	});

	it("names the list that failed as what its own rests on", async () => {
		const failed = listing(domain, "dns.txt", { status: "error", error: { code: "timeout", message: "m" } });
		const store = storeOf([failed, listing(mx, "tls.session")], [], targets);
		expect((await derive(store)).listing?.basis).toEqual([store.sha256(failed)]);
	});

	it("of a domain is not run on defaults where the declaration could not be read", async () => {
		const needing = { ...derivation, needs: ["config.domain"] };
		const source = { source: { collector: "c", version: "1", call: "c", target: domain.id } };
		expect((await derive(storeOf([], ["config.domain"], targets), needing)).listing?.error?.code).toBe("not_collected");
		expect((await derive(storeOf([{ ...unreadable("config.domain", domain.id), ...source }], [], targets), needing)).listing?.error?.code).toBe(
			"permission_denied",
		);
		expect((await derive(storeOf([on(domain, "config.domain", domain.id)], [], targets), needing)).listing?.status).toBe("ok");
	});

	it("passes on an error as the item's own, and may yield only what it declares", async () => {
		const store = () => storeOf([], ["tls.session", "dns.txt"], targets);
		const failing = { ...derivation, derive: () => [{ kind: "derived.sample", id: "x", error: { code: "servfail" as const, message: "m" }, basis: [] }] };
		expect((await derive(store(), failing)).items).toMatchObject([{ status: "error", error: { code: "servfail" } }]);
		await expect(derive(store(), { ...derivation, derive: () => [{ kind: "derived.other", id: "x", basis: [] }] })).rejects.toThrow(
			/sample yields derived\.other, which it does not declare/,
		);
	});
});

describe("the calendar day", () => {
	it.each([
		["2026-01-01T03:00:00Z", "America/Chicago", "2025-12-31"],
		["2026-01-01T03:00:00Z", "UTC", "2026-01-01"],
		["2026-07-01T23:30:00Z", "Asia/Tokyo", "2026-07-02"],
	])("of %s in %s is %s", (instant, zone, day) => expect(calendarDate(new Date(instant), zone)).toBe(day));
});
