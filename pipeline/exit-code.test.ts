import { describe, expect, it } from "vitest";
import type { Target } from "../model/evidence.ts";
import { type ReasonCode, reasonCodes } from "../model/reasons.ts";
import type { ResultDocument, ResultItem, State } from "../model/result.ts";
import { resultDocument, resultItem } from "../reports/testing/result-builder.ts";
import { type ExitPolicy, exitCodeOf } from "./exit-code.ts";

const policy = (over: Partial<ExitPolicy> = {}): ExitPolicy => ({ failOn: "high", requireAssessed: false, ...over });

function one(state: State, severity: ResultItem["severity"], code?: ReasonCode): ResultItem {
	const status = state === "fail" || state === "pass" || state === "not_applicable" ? state : "not_assessed";
	const reason = code === undefined ? null : { kind: reasonCodes[code].kind, code, detail: null };
	return resultItem({ check: `area.${state}_${severity}`, resource: "r", status, state, severity, reason });
}

function document(results: ResultItem[], over: { accepted?: string[]; targets?: Target[]; interrupted?: boolean } = {}): ResultDocument {
	const base = resultDocument(results, []);
	return {
		...base,
		run: { ...base.run, interrupted: over.interrupted ?? false },
		scope: { ...base.scope, targets: over.targets ?? [{ id: "example.org", type: "domain" }] },
		accepted: (over.accepted ?? []).map((code) => ({ code, why: "w", by: "b", until: null })),
	};
}

const codeOf = (results: ResultItem[], over: Parameters<typeof document>[1] = {}, more: Partial<ExitPolicy> = {}) =>
	exitCodeOf(document(results, over), policy(more));

describe("the exit code", () => {
	it("is 0 when nothing at or above the threshold fails or is open", () => {
		expect(codeOf([])).toBe(0);
		expect(
			codeOf([one("pass", "critical"), one("not_applicable", "critical"), one("exception", "critical"), one("attested", "critical"), one("fail", "medium")]),
		).toBe(0);
	});

	it.each([
		["critical", 1],
		["high", 1],
		["medium", 0],
		["low", 0],
	] as const)("counts a fail of severity %s against --fail-on high: %i", (severity, code) => expect(codeOf([one("fail", severity)])).toBe(code));

	it("is never 1 with --fail-on none", () => expect(codeOf([one("fail", "critical")], {}, { failOn: "none" })).toBe(0));

	it("is 3 for what could not be looked at, at or above the threshold; a fail comes first", () => {
		expect(codeOf([one("not_assessed", "high", "permission_denied")])).toBe(3);
		expect(codeOf([one("not_assessed", "low", "permission_denied")])).toBe(0);
		expect(codeOf([one("not_assessed", "high", "timeout"), one("fail", "high")])).toBe(1);
	});

	it("is 0 for a code that is accepted by name, and for it alone", () => {
		const gaps = [one("not_assessed", "high", "egress_blocked")];
		expect(codeOf(gaps, { accepted: ["egress_blocked"] })).toBe(0);
		expect(codeOf(gaps, { accepted: ["timeout"] })).toBe(3);
		expect(codeOf([...gaps, one("not_assessed", "critical", "timeout")], { accepted: ["egress_blocked"] })).toBe(3);
	});

	it.each(["input_not_supplied", "not_in_plan", "not_at_this_depth", "single_vantage", "not_permitted"] as const)(
		"takes %s for a gap the user chose, but with --require-assessed",
		(code) => {
			expect(codeOf([one("not_assessed", "critical", code)])).toBe(0);
			expect(codeOf([one("not_assessed", "critical", code)], {}, { requireAssessed: true })).toBe(3);
		},
	);

	it("widens to every severity and to pending attestations with --require-assessed", () => {
		expect(codeOf([one("not_assessed", "low", "timeout")], {}, { requireAssessed: true })).toBe(3);
		expect(codeOf([one("manual_pending", "low", "manual")])).toBe(0);
		expect(codeOf([one("manual_pending", "low", "manual")], {}, { requireAssessed: true })).toBe(3);
		expect(codeOf([one("not_assessed", "low", "timeout")], { accepted: ["timeout"] }, { requireAssessed: true })).toBe(0);
	});

	it("forgives unknown_until_apply on a run of plans and records alone", () => {
		const gaps = [one("not_assessed", "high", "unknown_until_apply")];
		const plan: Target = { id: "plan.json", type: "plan" };
		expect(codeOf(gaps, { targets: [plan, { id: "records/", type: "records" }] })).toBe(0);
		expect(codeOf(gaps, { targets: [plan, { id: "example.org", type: "domain" }] })).toBe(3);
		expect(codeOf(gaps, { targets: [plan] }, { requireAssessed: true })).toBe(3);
	});

	it("is 130 for a run that was stopped, whatever it found", () => expect(codeOf([one("fail", "critical")], { interrupted: true })).toBe(130));
});
