import { sha256Hex } from "../../model/canonical.ts";
import { type ControlResult, countStates, type EvidenceRef, type ResultDocument, type ResultItem, stateOf, worstState } from "../../model/result.ts";

/** Hash that stands for a name in fixtures: same name, same hash. */
export function fakeHash(name: string): string {
	return sha256Hex(`fixture ${name}`);
}

/** A result with everything a report needs; state, id and evidence follow from the rest unless given. */
export function resultItem(given: Partial<ResultItem> & { check: string; resource: string }): ResultItem {
	const item: ResultItem = {
		id: fakeHash(`${given.check} ${given.target ?? given.resource} ${given.resource}`).slice(0, 32),
		title: given.check,
		reference: [],
		controls: [],
		target: given.resource,
		domains: [],
		status: "pass",
		state: "pass",
		reason: null,
		method: "test",
		severity: "medium",
		message: given.title ?? given.check,
		path: null,
		observed: null,
		expected: null,
		denials: [],
		firstSeen: "2026-11-01T08:00:00Z",
		citations: [],
		remediation: "",
		evidence: [fakeHash(given.resource)],
		disposition: "none",
		waiver: null,
		attestation: null,
		...given,
	};
	return { ...item, state: given.state ?? stateOf(item.status, item.disposition, item.reason) };
}

export function control(given: Partial<ControlResult> & { id: string }): ControlResult {
	return {
		family: "technical",
		title: `Title of ${given.id}`,
		citations: ["45 CFR 164.312(e)(1)"],
		implementation: "addressable",
		ruleStatus: "in-force",
		state: "not_assessed",
		reason: null,
		attestation: null,
		results: [],
		...given,
	};
}

/** Joins results to controls by the control ids they name, rolls states up and counts: what the engine does. */
export function resultDocument(results: readonly ResultItem[], controls: readonly ControlResult[], more: Partial<ResultDocument> = {}): ResultDocument {
	const joined: ControlResult[] = [];
	for (const entry of controls) {
		const own = results.filter((item) => item.controls.includes(entry.id));
		const worst = worstState(own.map((item) => item.state));
		if (worst === undefined) joined.push({ ...entry, reason: entry.reason ?? { kind: "no_evidence", code: "input_not_supplied", detail: null } });
		else joined.push({ ...entry, state: worst, reason: own.find((item) => item.state === worst)?.reason ?? null, results: own.map((item) => item.id) });
	}
	const counted = joined.filter((entry) => entry.ruleStatus === "in-force");
	const evidence = new Map<string, EvidenceRef>();
	for (const item of results) {
		for (const sha256 of item.evidence) {
			evidence.set(sha256, { sha256, kind: "dns.txt", id: item.resource, status: "ok", call: `TXT ${item.resource}`, collectedAt: "2026-11-24T06:40:00Z" });
		}
	}
	return {
		schema: "mailward/result/v1",
		run: {
			tool: { name: "mailward", version: "0.1.0" },
			startedAt: "2026-11-24T06:39:12Z",
			endedAt: "2026-11-24T06:45:55Z",
			asOf: "2026-11-24T06:39:12Z",
			caller: null,
			vantage: {},
			interrupted: false,
			profile: "hipaa",
			policySha256: fakeHash("policy"),
			configSha256: fakeHash("config"),
			complete: results.every((item) => item.status !== "not_assessed"),
		},
		entity: { legalName: "Example Clinic", role: "covered_entity", timeZone: "America/Chicago", excluded: [] },
		scope: { targets: [...new Set(results.map((item) => item.target))].map((id) => ({ id, type: "domain" })), notRequested: [] },
		parameters: [],
		accepted: [],
		results: [...results],
		controls: joined,
		totals: { results: countStates(results.map((item) => item.state)), controls: countStates(counted.map((entry) => entry.state)) },
		deniedCalls: [],
		records: {},
		evidence: [...evidence.values()],
		report: { classification: "Confidential", paperSize: "Letter" },
		...more,
	};
}
