import { describe, expect, it } from "vitest";
import { resultDocument, resultItem } from "../reports/testing/result-builder.ts";
import { type DiffGroup, diffGroups, diffResults } from "./diff.ts";
import type { ResultItem } from "./result.ts";

type Given = Partial<ResultItem>;
const gap: Given = { status: "not_assessed", reason: { kind: "error", code: "timeout", detail: null } };
const fail: Given = { status: "fail", observed: "OPTIONAL" };
const waived: Given = { ...fail, disposition: "waived", waiver: "W-1" };
const attested: Given = { status: "not_assessed", reason: { kind: "manual", code: "manual", detail: null }, disposition: "attested", attestation: "A-1" };
const past = (state: ResultItem["state"]) => ({ state, firstSeen: "2026-01-01T00:00:00Z", lastSeen: "2026-02-01T00:00:00Z" });

function groupOf(before: Given | null, after: Given | null, otherPolicies = false): DiffGroup | undefined {
	const one = (given: Given | null) => (given === null ? [] : [resultItem({ check: "a.b", resource: "a.example", ...given })]);
	const [old, next] = [resultDocument(one(before), []), resultDocument(one(after), [])];
	const entries = diffResults(old, otherPolicies ? { ...next, run: { ...next.run, policySha256: "other" } } : next);
	expect(entries).toHaveLength(1);
	return entries[0]?.group;
}

describe("two scans", () => {
	const cases: [string, Given | null, Given | null, DiffGroup][] = [
		["was not there", null, fail, "new"],
		["passed", { observed: "REQUIRE" }, fail, "new"],
		["failed once, was mended, fails again", { observed: "REQUIRE" }, { ...fail, history: [past("fail"), past("pass")] }, "regressed"],
		["failed", fail, { observed: "REQUIRE" }, "fixed"],
		["the same", fail, fail, "unchanged"],
		["the same gap", gap, gap, "unchanged"],
		["another value", fail, { ...fail, observed: null }, "changed"],
		["another reason", gap, { ...gap, reason: { kind: "error", code: "servfail", detail: null } }, "changed"],
		["a waiver came", fail, waived, "waived"],
		["a waiver went", waived, fail, "unwaived"],
		["a waiver ran out", waived, { ...fail, disposition: "waiver_expired", waiver: "W-1" }, "expired"],
		["a person settles it", gap, attested, "attested"],
		["a statement ran out", attested, { ...gap, disposition: "attestation_expired" }, "expired"],
		["left the scope", fail, null, "gone"],
		["could not be looked at any more", fail, gap, "coverage_lost"],
		["a pass could not be looked at any more", {}, gap, "coverage_lost"],
		["is new and was not looked at", null, gap, "coverage_lost"],
		["was looked at at last", gap, {}, "coverage_gained"],
		["is new and passes", null, {}, "coverage_gained"],
		["is no longer in scope of the rule", fail, { status: "not_applicable" }, "changed"],
	];
	it.each(cases)("%s", (_name, before, after, expected) => expect(groupOf(before, after)).toBe(expected));

	it("call nothing a regression that another rule made of the same sight", () => {
		expect(groupOf({ ...fail, status: "pass" }, fail, true)).toBe("rule_changed");
		expect(groupOf({ observed: "REQUIRE" }, fail, true)).toBe("new");
		expect(groupOf(fail, { ...fail, status: "pass" }, true)).toBe("rule_changed");
	});

	it("count every result once, in the order of the groups", () => {
		const before = resultDocument(
			["a", "b", "c"].map((resource) => resultItem({ check: "a.b", resource, status: "fail" })),
			[],
		);
		const after = resultDocument(
			["b", "c", "d"].map((resource) => resultItem({ check: "a.b", resource, status: resource === "b" ? "pass" : "fail" })),
			[],
		);
		const groups = diffResults(before, after).map((entry) => entry.group);
		expect(groups).toEqual(["new", "fixed", "gone", "unchanged"]);
		expect(groups.map((group) => diffGroups.indexOf(group))).toEqual(groups.map((group) => diffGroups.indexOf(group)).toSorted((a, b) => a - b));
	});
});
