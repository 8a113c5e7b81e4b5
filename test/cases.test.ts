import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadPolicyLock } from "../checks/engine/policy-lock.ts";
import { listPolicies } from "../scripts/list-policies.ts";
import { readCases } from "./support/case-file.ts";
import { caseEvidence, judge } from "./support/run-case.ts";

const root = join(import.meta.dirname, "..");
const lock = loadPolicyLock();

describe.each(listPolicies(root).checks)("$id", ({ id, cases }) => {
	const check = lock.checks[id]?.metadata;
	it.each(readCases(join(root, cases)))("$name", async (one) => {
		if (check === undefined) throw new Error(`${id} is not in policy.lock.json: run npm run policies`);
		const { targets, items } = await caseEvidence(check, one);
		const verdicts = await judge(check, one, targets, items);
		const { status, resources, reason, path, observed, severity } = one.expect;
		const matching = verdicts.filter((verdict) => verdict.status === status);
		const told = verdicts.map(({ resource, status: is, reason: why, path: at, observed: seen, message }) => ({ resource, is, why, at, seen, message }));
		if (resources === undefined) expect(verdicts.every((verdict) => verdict.status === status) && verdicts.length > 0, JSON.stringify(told)).toBe(true);
		else expect(matching.map((verdict) => verdict.resource).sort(), JSON.stringify(told)).toEqual([...resources].sort());
		for (const verdict of matching) {
			if (reason !== undefined) expect(verdict.reason?.code, JSON.stringify(told)).toBe(reason);
			if (path !== undefined) expect(verdict.path).toBe(path);
			if (Object.hasOwn(one.expect, "observed")) expect(verdict.observed).toEqual(observed);
			if (severity !== undefined) expect(verdict.severity).toBe(severity);
		}
	});
});
