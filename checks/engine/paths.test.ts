import { describe, expect, it } from "vitest";
import { pathsOverlap, splitPath, valueAt } from "./paths.ts";

describe("paths", () => {
	it.each([
		["", []],
		["a", ["a"]],
		["a.b.c", ["a", "b", "c"]],
		["rule[0].status", ["rule", "0", "status"]],
		["rule.0.status", ["rule", "0", "status"]],
		["a[1][2]", ["a", "1", "2"]],
		["[0].a", ["0", "a"]],
	])("splits %j", (path, segments) => expect(splitPath(path)).toEqual(segments));

	it("finds values in objects and lists, and nothing where there is none", () => {
		const values = { a: { b: [{ c: false }, null] }, "": 1 };
		expect(valueAt(values, "a.b[0].c")).toBe(false);
		expect(valueAt(values, "a.b.1")).toBeNull();
		expect(valueAt(values, "a.b.1.c")).toBeUndefined();
		expect(valueAt(values, "a.x.c")).toBeUndefined();
		expect(valueAt(values, "")).toBe(values);
		expect(valueAt("text", "a")).toBeUndefined();
		expect(valueAt([{ a: 1 }], "[0].a")).toBe(1);
	});

	it("reads own members only", () => {
		for (const path of ["constructor", "__proto__", "toString", "a.constructor.name"]) expect(valueAt({ a: {} }, path)).toBeUndefined();
	});

	it.each([
		["a", "a", true],
		["a", "a.b", true],
		["a.b", "a", true],
		["rule[0]", "rule.0.status", true],
		["", "a.b", true],
		["a", "ab", false],
		["a.b", "a.c", false],
		["a.bc", "a.b", false],
		["rule[0]", "rule[1]", false],
	])("%j and %j overlap: %s", (a, b, overlap) => {
		expect(pathsOverlap(a, b)).toBe(overlap);
		expect(pathsOverlap(b, a)).toBe(overlap);
	});
});
