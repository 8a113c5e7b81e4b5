import { byCodeUnit } from "../../model/canonical.ts";
import {
	type ControlResult,
	countStates,
	type EvidenceRef,
	type ResultDocument,
	type ResultItem,
	type State,
	stateOf,
	states,
	type Totals,
	worstState,
} from "../../model/result.ts";
import { ReportError } from "../report-error.ts";
import { compareFamilies, familyLabel } from "./families.ts";
import { type Finding, groupFindings } from "./findings.ts";

export interface ControlModel {
	control: ControlResult;
	/** Id of the control's page in the file. */
	anchor: string;
	/** Every result that counts for the control, worst first. */
	results: ResultItem[];
	counts: Totals;
}

export interface FamilyModel {
	family: string;
	label: string;
	anchor: string;
	controls: ControlModel[];
	counts: Totals;
}

/** A result document read once, checked and put in the order it is printed in. */
export interface ReportModel {
	document: ResultDocument;
	/** Rules in force: what the totals count. */
	families: FamilyModel[];
	/** Proposed and withdrawn rules: shown in an appendix, part of no total. */
	appendix: ControlModel[];
	/** Results no listed control claims. They count; their rows stand under a heading of their own. */
	unclaimed: ResultItem[];
	results: ResultItem[];
	/** Results that only rules outside the totals ask for. */
	uncounted: ResultItem[];
	findings: Finding[];
	totals: { results: Totals; controls: Totals; findings: Totals };
	/** The control on whose page a result's full row stands, by result id. */
	homes: Map<string, ControlModel>;
	controlAnchors: Map<string, string>;
	evidence: EvidenceRef[];
	evidenceNumbers: Map<string, number>;
	/** Something has no verdict, or the run did not end. */
	incomplete: boolean;
}

const stateRank = new Map<State, number>(states.map((state, rank) => [state, rank]));

export function rankOf(state: State): number {
	return stateRank.get(state) ?? 0;
}

/** Status rank, worst first, then resource, check and id by code unit: no locale has a say. */
export function compareResults(a: ResultItem, b: ResultItem): number {
	return rankOf(a.state) - rankOf(b.state) || byCodeUnit(a.resource, b.resource) || byCodeUnit(a.check, b.check) || byCodeUnit(a.id, b.id);
}

/** Throws ReportError where the document contradicts itself: no report is better than a wrong one. */
export function buildModel(document: ResultDocument): ReportModel {
	const byId = new Map<string, ResultItem>();
	for (const item of document.results) {
		if (byId.has(item.id)) throw new ReportError(`two results have the id ${item.id}`);
		if (!possibleStates(item).includes(item.state)) {
			throw new ReportError(`result ${item.id}: state is ${item.state}, which status ${item.status} and disposition ${item.disposition} cannot give`);
		}
		byId.set(item.id, item);
	}
	const homes = new Map<string, ControlModel>();
	const inForce: ControlModel[] = [];
	const appendix: ControlModel[] = [];
	const sorted = [...document.controls].sort((a, b) => compareFamilies(a.family, b.family) || byCodeUnit(a.id, b.id));
	for (const [index, control] of sorted.entries()) {
		const model = controlModel(control, index, byId);
		if (control.ruleStatus === "in-force") inForce.push(model);
		else appendix.push(model);
	}
	for (const model of [...inForce, ...appendix]) {
		for (const item of model.results) if (!homes.has(item.id)) homes.set(item.id, model);
	}
	const results: ResultItem[] = [];
	const uncounted: ResultItem[] = [];
	const unclaimed: ResultItem[] = [];
	for (const item of [...document.results].sort(compareResults)) {
		const home = homes.get(item.id);
		if (home === undefined) unclaimed.push(item);
		if (home !== undefined && home.control.ruleStatus !== "in-force") uncounted.push(item);
		else results.push(item);
	}
	const families = familyModels(inForce);
	const findings = groupFindings(results, homes);
	const totals = {
		results: countStates(results.map((item) => item.state)),
		controls: countStates(inForce.map((model) => model.control.state)),
		findings: countStates(findings.map((finding) => finding.state)),
	};
	compareTotals("results", document.totals.results, totals.results, countStates(document.results.map((item) => item.state)));
	compareTotals("controls", document.totals.controls, totals.controls, countStates(document.controls.map((control) => control.state)));
	const evidence = [...document.evidence].sort((a, b) => byCodeUnit(a.kind, b.kind) || byCodeUnit(a.id, b.id) || byCodeUnit(a.sha256, b.sha256));
	return {
		document,
		families,
		appendix,
		unclaimed,
		results,
		uncounted,
		findings,
		totals,
		homes,
		controlAnchors: new Map([...inForce, ...appendix].map((model) => [model.control.id, model.anchor])),
		evidence,
		evidenceNumbers: new Map(evidence.map((item, index) => [item.sha256, index + 1])),
		incomplete: isIncomplete(document, totals),
	};
}

export function isIncomplete(document: ResultDocument, totals: { results: Totals; controls: Totals }): boolean {
	const open = totals.results.not_assessed + totals.results.manual_pending + totals.controls.not_assessed + totals.controls.manual_pending;
	return !document.run.complete || document.run.interrupted || open > 0;
}

/** An attestation's outcome is not part of the document: whatever one of them makes of the result is possible. */
function possibleStates(item: ResultItem): State[] {
	const outcomes = [null, "met", "not_met", "not_applicable"] as const;
	return outcomes.map((outcome) => stateOf(item.status, item.disposition, item.reason, outcome));
}

function controlModel(control: ControlResult, index: number, byId: Map<string, ResultItem>): ControlModel {
	const results: ResultItem[] = [];
	for (const id of new Set(control.results)) {
		const item = byId.get(id);
		if (item === undefined) throw new ReportError(`control ${control.id} names the result ${id}, which is not in the document`);
		results.push(item);
	}
	results.sort(compareResults);
	const worst = worstState(results.map((item) => item.state));
	// A control may stand worse than its results (a policy or a sample is missing), never better.
	if (worst !== undefined && rankOf(control.state) > rankOf(worst)) {
		throw new ReportError(`control ${control.id} is ${control.state} although one of its results is ${worst}`);
	}
	if (worst === undefined && control.state === "pass") throw new ReportError(`control ${control.id} is pass without any result`);
	const anchor = /^[A-Za-z0-9._-]{1,60}$/.test(control.id) ? `control-${control.id}` : `control-${index + 1}`;
	return { control, anchor, results, counts: countStates(results.map((item) => item.state)) };
}

function familyModels(controls: ControlModel[]): FamilyModel[] {
	const families: FamilyModel[] = [];
	for (const model of controls) {
		let last = families.at(-1);
		if (last === undefined || last.family !== model.control.family) {
			last = {
				family: model.control.family,
				label: familyLabel(model.control.family),
				anchor: `family-${families.length + 1}`,
				controls: [],
				counts: countStates([]),
			};
			families.push(last);
		}
		last.controls.push(model);
		last.counts[model.control.state] += 1;
	}
	return families;
}

/** The stored totals must be the count of the rows: of all of them, or of those that rules in force ask for. */
function compareTotals(level: string, stored: Partial<Totals>, counted: Totals, all: Totals): void {
	if (equalTotals(stored, counted) || equalTotals(stored, all)) return;
	throw new ReportError(`totals.${level} does not match the rows: stored ${JSON.stringify(stored)}, counted ${JSON.stringify(all)}`);
}

function equalTotals(stored: Partial<Totals>, counted: Totals): boolean {
	for (const state of states) if ((stored[state] ?? 0) !== counted[state]) return false;
	return true;
}
