import { describe, expect, it } from "vitest";
import type { Evidence } from "../../model/evidence.ts";
import { ByName } from "./by-name.ts";

describe("items by name", () => {
	const item = (id: string): Evidence => ({
		kind: "k",
		id,
		status: "absent",
		source: { collector: "c", version: "1", call: "c", target: "t" },
		collectedAt: "",
	});
	const [a, b, c] = [item("a"), item("b"), item("c")];
	const names: Record<string, (string | undefined)[]> = { a: ["x", "y"], b: ["y", undefined, "y"], c: ["x"] };
	const found = new ByName([a, b, c], ({ id }) => names[id] ?? []);

	it("are given once, in the order of all, however many names they are found by", () => {
		expect(found.of("y")).toEqual([a, b]);
		expect(found.of("x", "y")).toEqual([a, b, c]);
		expect(found.of("y", "x", "y")).toEqual([a, b, c]);
	});

	it("are none for a name that nothing bears", () => {
		expect([found.of(), found.of(undefined), found.of("z"), found.of("z", "x")]).toEqual([[], [], [], [a, c]]);
	});
});
