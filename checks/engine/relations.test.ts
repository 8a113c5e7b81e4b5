import { describe, expect, it } from "vitest";
import type { Evidence } from "../../model/evidence.ts";
import { relate } from "./relations.ts";
import { item, unreadable } from "./testing/engine.ts";

const ids = (items: readonly Evidence[], of: Evidence) => [...(relate(items).get(of) ?? [])].map((one) => `${one.kind} ${one.id}`).sort();

describe("relate", () => {
	it.each([
		["id", item("bucket", "b1", {})],
		["arn", item("bucket", "x", { arn: "b1" })],
		["name", item("bucket", "x", { name: "b1" })],
		["bucket", item("bucket", "x", { bucket: "b1" })],
	])("links by %s, in both directions, however deep the name stands", (_key, bucket) => {
		const policy = item("policy", "p", { rules: [{ where: { at: "b1" } }] });
		expect(ids([bucket, policy], bucket)).toEqual(["policy p"]);
		expect(ids([bucket, policy], policy)).toEqual([`bucket ${bucket.id}`]);
	});

	it("links by the references that a plan tells of", () => {
		const set = item("set", "set.a", {});
		const destination = item("destination", "d", {}, { references: { configuration_set_name: ["set.a"] }, unknown: ["configuration_set_name"] });
		expect(ids([set, destination], set)).toEqual(["destination d"]);
	});

	it("links what shares an id: a live bucket and its versioning, read or not", () => {
		const bucket = item("bucket", "arn:b", {});
		expect(ids([bucket, item("versioning", "arn:b", {})], bucket)).toEqual(["versioning arn:b"]);
		expect(ids([bucket, unreadable("versioning", "arn:b")], bucket)).toEqual(["versioning arn:b"]);
	});

	it("links nothing else, and nothing to itself", () => {
		const a = item("bucket", "a", { name: "a", other: "", self: "a" });
		const b = item("bucket", "b", { name: "b", note: "about a bucket" });
		expect(relate([a, b]).size).toBe(0);
	});

	it("takes no namesakes of one kind for related, but what could not be read", () => {
		const a = item("group", "g1", { name: "logs" });
		const b = item("group", "g2", { name: "logs" });
		expect(relate([a, b]).size).toBe(0);
		expect(ids([a, b, unreadable("group", "logs")], a)).toEqual(["group logs"]);
		expect(ids([a, b, item("filter", "f", { group: "logs" })], a)).toEqual(["filter f"]);
	});

	it("is linear on hostile evidence: many namesakes, a list of a million, deep nesting", () => {
		const namesakes = Array.from({ length: 20_000 }, (_unused, index) => item("group", `g${index}`, { name: "same" }));
		const list = item("big", "big", { list: Array.from({ length: 1_000_000 }, (_unused, index) => `s${index}`) });
		let deep: unknown = "g1";
		for (let level = 0; level < 100_000; level++) deep = [deep];
		const nested = item("deep", "deep", { deep });
		const started = performance.now();
		const related = relate([...namesakes, list, nested]);
		expect(performance.now() - started).toBeLessThan(10_000);
		expect([...(related.get(nested) ?? [])].map((one) => one.id)).toEqual(["g1"]);
	});
});
