import { describe, expect, it } from "vitest";
import type { Evidence } from "../../model/evidence.ts";
import type { EvidenceStore } from "./evidence-store.ts";
import { checkMetadata, hostOf, item, planTarget, storeOf, unreadable } from "./testing/engine.ts";
import { judgeCheck, type Verdict } from "./verdict.ts";
import type { PolicyDenial } from "./wasm-host.ts";

const check = checkMetadata({ evidence: ["thing", "setting"] });
const options = { parameters: { days: 1 }, asOf: "2026-01-01T00:00:00Z", accountWideKinds: new Set(["setting"]) };
const denial = (resource: string, more: Partial<PolicyDenial> = {}): PolicyDenial => ({ resource, path: "on", message: "it is off", ...more });

/** The policy: every thing is in scope; the denials are given. */
function judge(store: EvidenceStore, deny: PolicyDenial[] = [], subject = check): Verdict[] {
	const host = hostOf((input) => ({ resources: (input.evidence.thing ?? []).map((one) => (one as { _id: string })._id), deny }));
	return judgeCheck(subject, planTarget, store, { ...options, host });
}

const brief = (verdicts: readonly Verdict[]) => verdicts.map(({ resource, status, reason }) => [resource, status, reason?.code ?? null]);
const kinds = check.evidence;

describe("the verdict on a resource", () => {
	it("is pass without a denial, and rests on the item", () => {
		const a = item("thing", "a", { on: true });
		const [verdict] = judge(storeOf([a], kinds));
		expect(verdict).toMatchObject({ resource: "a", status: "pass", reason: null, message: check.title });
		expect(verdict?.evidence).toEqual([a]);
	});

	it("is fail with one: what was observed and expected stand beside it", () => {
		const [verdict] = judge(storeOf([item("thing", "a", { on: false })], kinds), [denial("a")]);
		expect(verdict).toMatchObject({ status: "fail", severity: "high", path: "on", observed: false, expected: "on", message: "it is off" });
	});

	it("takes the worst of several denials, then the first path, and keeps all", () => {
		const deny = [denial("a", { path: "z" }), denial("a", { path: "b", severity: "low" }), denial("a", { path: "c", message: "second" })];
		const [verdict] = judge(storeOf([item("thing", "a", {})], kinds), deny);
		expect(verdict).toMatchObject({ path: "c", message: "second", severity: "high" });
		expect(verdict?.denials.map((one) => [one.path, one.severity])).toEqual([
			["c", "high"],
			["z", "high"],
			["b", "low"],
		]);
	});

	it("lets a denial lower the severity, never raise it", () => {
		const severityOf = (severity: string) => judge(storeOf([item("thing", "a", {})], kinds), [denial("a", { severity })])[0]?.severity;
		expect(severityOf("low")).toBe("low");
		expect(severityOf("critical")).toBe("high");
		expect(severityOf("dire")).toBe("high");
	});

	it("keeps what the denial shows, null included, over the value at the path", () => {
		const store = storeOf([item("thing", "a", { on: false })], kinds);
		expect(judge(store, [denial("a", { observed: null, expected: "off" })])[0]).toMatchObject({ observed: null, expected: "off" });
		expect(judge(store, [denial("a", { path: "" })])[0]).toMatchObject({ path: null });
	});

	it("is not_applicable where nothing is in scope", () => {
		expect(brief(judge(storeOf([], kinds)))).toEqual([["plan.json", "not_applicable", null]]);
	});
});

describe("what is not known", () => {
	const unknown = (path: string) => storeOf([item("thing", "a", {}, { unknown: [path] })], kinds);

	it.each(["on", "", "on.off"])("makes a denial at an unknown path %j a gap", (path) => {
		expect(brief(judge(unknown(path), [denial("a")]))).toEqual([["a", "not_assessed", "unknown_until_apply"]]);
	});

	it("leaves a denial at another path a fail", () => expect(brief(judge(unknown("other"), [denial("a")]))).toEqual([["a", "fail", null]]));

	it("leaves a fail where one of several denials is certain", () => {
		const [verdict] = judge(unknown("on"), [denial("a"), denial("a", { path: "name" })]);
		expect(verdict).toMatchObject({ status: "fail", path: "name" });
		expect(verdict?.denials).toHaveLength(1);
	});

	it("gives the reason of a derived item's gap", () => {
		const store = storeOf([item("thing", "a", {}, { gaps: { on: { code: "servfail", detail: "TXT a" } } })], kinds);
		expect(judge(store, [denial("a", { path: "on.deep" })])[0]?.reason).toEqual({ kind: "error", code: "servfail", detail: "TXT a" });
		expect(brief(judge(store, [denial("a", { path: "off" })]))).toEqual([["a", "fail", null]]);
	});

	it("counts in other items that a denial rests on, their gaps included", () => {
		const other = (more: Partial<Evidence>) => storeOf([item("thing", "a", {}), item("setting", "s", {}, more)], kinds);
		const deny = [denial("a", { restsOn: [{ id: "s", path: "level" }] })];
		expect(brief(judge(other({ unknown: ["level"] }), deny))).toEqual([["a", "not_assessed", "unknown_until_apply"]]);
		expect(brief(judge(other({ gaps: { level: { code: "timeout" } } }), deny))).toEqual([["a", "not_assessed", "timeout"]]);
		expect(brief(judge(other({ unknown: ["name"] }), deny))).toEqual([["a", "fail", null]]);
	});
});

describe("items that could not be read", () => {
	it("are a gap of their own where nothing refers to them", () => {
		expect(brief(judge(storeOf([item("thing", "a", {}), unreadable("thing", "b")], kinds)))).toEqual([
			["a", "pass", null],
			["b", "not_assessed", "permission_denied"],
		]);
	});

	it("leave the resources that refer to them unassessed, unless those are denied on their own values", () => {
		const store = storeOf([item("thing", "a", { setting: "s" }), unreadable("setting", "s")], kinds);
		const [verdict, ...others] = judge(store);
		expect(others).toEqual([]);
		expect(verdict).toMatchObject({ resource: "a", status: "not_assessed", reason: { code: "permission_denied", detail: "read s" } });
		expect(verdict?.evidence.map((one) => one.id)).toEqual(["a", "s"]);
		expect(brief(judge(store, [denial("a")]))).toEqual([["a", "fail", null]]);
		expect(brief(judge(store, [denial("a", { restsOn: [] })]))).toEqual([["a", "not_assessed", "permission_denied"]]);
	});

	it("may be what a denial misses, though nothing tells whose they are", () => {
		const store = storeOf([item("thing", "a", {}), unreadable("setting", "s")], kinds);
		expect(brief(judge(store, [denial("a", { restsOn: [] })]))[0]).toEqual(["a", "not_assessed", "permission_denied"]);
		expect(brief(judge(store, [denial("a")]))[0]).toEqual(["a", "fail", null]);
		const sibling = storeOf([item("thing", "a", {}), unreadable("thing", "b")], kinds);
		expect(brief(judge(sibling, [denial("a", { restsOn: [] })]))[0]).toEqual(["a", "fail", null]);
	});
});

describe("lists", () => {
	const listing = (over: Partial<Evidence>, values = { kind: "setting", target: planTarget.id, count: 0, complete: true }) =>
		item("listing", `setting@${planTarget.id}`, values, over);
	const judged = (one: Evidence) => brief(judge(storeOf([item("thing", "a", {}), one], ["thing"])));

	it("that failed, stopped early or count more than there are leave the target unassessed", () => {
		expect(judged(listing({ status: "error", error: { code: "throttled", message: "later" } }))).toEqual([["plan.json", "not_assessed", "throttled"]]);
		expect(judged(listing({ status: "error" }))).toEqual([["plan.json", "not_assessed", "malformed"]]);
		expect(judged(listing({}, { kind: "setting", target: planTarget.id, count: 0, complete: false }))).toEqual([
			["plan.json", "not_assessed", "not_collected"],
		]);
		expect(judged(listing({}, { kind: "setting", target: planTarget.id, count: 1, complete: true }))).toEqual([["plan.json", "not_assessed", "not_collected"]]);
		expect(judged(listing({}))).toEqual([["a", "pass", null]]);
	});

	it("that are missing say that the input is, or on a plan that the account is not in it", () => {
		expect(brief(judge(storeOf([], ["thing"])))).toEqual([["plan.json", "not_assessed", "not_in_plan"]]);
		expect(brief(judge(storeOf([], ["setting"])))).toEqual([["plan.json", "not_assessed", "input_not_supplied"]]);
	});
});

describe("a policy that misbehaves", () => {
	it("is an error of this check alone, with its message", () => {
		const host = {
			evaluate: () => {
				throw new Error("trap");
			},
		};
		const [verdict] = judgeCheck(check, planTarget, storeOf([item("thing", "a", {})], kinds), { ...options, host });
		expect(verdict).toMatchObject({ resource: "plan.json", status: "not_assessed", reason: { code: "check_failed", detail: "trap" } });
	});

	it("is one too when it names a resource that is not there", () => {
		expect(brief(judge(storeOf([item("thing", "a", {})], kinds), [denial("ghost")]))).toEqual([
			["a", "pass", null],
			["ghost", "not_assessed", "check_failed"],
		]);
	});

	it("judges a resource that is denied and not named as in scope", () => {
		const host = hostOf(() => ({ resources: [], deny: [denial("a")] }));
		expect(brief(judgeCheck(check, planTarget, storeOf([item("thing", "a", {})], kinds), { ...options, host }))).toEqual([["a", "fail", null]]);
	});
});

describe("what a policy sees", () => {
	it("is values with their id, kind, status, references and unknown paths; errored items are not there", () => {
		let seen: unknown;
		const host = hostOf((input) => {
			seen = input;
			return { resources: [] };
		});
		const items = [
			item("thing", "a", { on: true, _id: "forged" }, { unknown: ["x"], references: { y: ["s"] } }),
			item("thing", "b", null, { status: "absent" }),
			unreadable("thing", "c"),
		];
		judgeCheck(check, planTarget, storeOf(items, kinds), { ...options, host });
		expect(seen).toEqual({
			asOf: options.asOf,
			parameters: options.parameters,
			evidence: {
				thing: [
					{ on: true, _id: "a", _kind: "thing", _status: "ok", _unknown: ["x"], _references: { y: ["s"] } },
					{ _id: "b", _kind: "thing", _status: "absent" },
				],
				setting: [],
			},
		});
	});
});
