import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { allChecks } from "../../checks/engine/policy-lock.ts";
import { unreachable } from "../support/unreachable.ts";

/**
 * The sample organizations of examples/clinic-records, by the verdicts on file (golden.test.ts holds these to the demo): what their records,
 * sends and content show of every check on them. A register cannot both hold faulty records and be absent, so that absence is shown by the typical
 * clinic, which keeps agreements alone.
 */
const statesOf = (clinic: string): Map<string, Set<string>> => {
	const { results } = JSON.parse(readFileSync(join(import.meta.dirname, `${clinic}.json`), "utf8")) as { results: [string, string, string][] };
	const states = new Map<string, Set<string>>();
	for (const [check, , state] of results) states.set(check, (states.get(check) ?? new Set()).add(state));
	return states;
};
const [exemplary, typical, neglected] = [statesOf("exemplary"), statesOf("typical"), statesOf("neglected")];
const ids = allChecks()
	.map(({ id }) => id)
	.filter((id) => /^(?:baa|content|records|sends)\./.test(id));
/** Faults that no records folder can show, because the validation refuses it or because the clinics keep agreements. */
const beyondFolders: ReadonlyMap<string, string> = new Map([
	["baa.breach_notice", "more than 60 days are refused as REC-103"],
	["baa.document_on_file", "an executed agreement without a document is refused as REC-102"],
	["baa.register_kept", "each clinic holds agreements"],
]);
const cannotFail = new Set(unreachable.filter(({ status }) => status === "fail").flatMap(({ checks }) => checks));

describe("of the checks on records and content", () => {
	it.each(ids)("%s passes for the organization in order", (id) => {
		const states = [...(exemplary.get(id) ?? [])];
		expect(states).toContain("pass");
		expect(states.filter((state) => state !== "pass" && state !== "not_applicable")).toEqual([]);
	});

	it.each(ids.filter((id) => !cannotFail.has(id) && !beyondFolders.has(id)))("%s fails for the neglected one", (id) => {
		expect([...(neglected.get(id) ?? [])]).toContain("fail");
	});

	it.each(ids.filter((id) => cannotFail.has(id) && !beyondFolders.has(id)))("%s, which only ever leaves open, leaves open", (id) => {
		expect([...(neglected.get(id) ?? []), ...(typical.get(id) ?? [])]).toContain("not_assessed");
	});
});
