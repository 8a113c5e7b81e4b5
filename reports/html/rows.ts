import { isReasonCode, reasonCodes } from "../../model/reasons.ts";
import type { RegisterEntry } from "../../model/registers.ts";
import type { Reason, ResultItem, State, Totals } from "../../model/result.ts";
import { entriesBy, textsOf } from "../internal/entries.ts";
import type { Finding } from "../internal/findings.ts";
import { type ReadRegisters, readRegisters } from "../internal/registers.ts";
import type { ReportModel } from "../internal/report-model.ts";
import { cut, nameText, shown, utc } from "../internal/text.ts";
import { type Limits, limitsFor } from "./limits.ts";
import { Href, type View } from "./view.ts";
import { dispositionNotes, severityLabels, stateLabels, stateOrder } from "./words.ts";

export interface Badge {
	readonly [name: string]: View;
	readonly state: string;
	readonly icon: Href;
	readonly label: string;
}

/** Status as text, icon and colour (WCAG 2.2, 1.4.1). */
export function badge(state: State): Badge {
	return { state: state.replace("_", "-"), icon: Href.fragment(`i-${state.replace("_", "-")}`), label: stateLabels[state] };
}

export function severityView(severity: ResultItem["severity"]): View {
	return { severity, label: severityLabels[severity] };
}

/** Everything the views of one document share. */
export interface Context {
	model: ReportModel;
	limits: Limits;
	findingOf: Map<string, Finding>;
	registers: ReadRegisters;
	/** Items of the remediation plan by the finding or result that they name. */
	planOf: Map<string, RegisterEntry[]>;
	/** Management's answers by the finding or result that they name. */
	responsesTo: Map<string, RegisterEntry[]>;
}

export function contextOf(model: ReportModel, limits: Limits): Context {
	const findingOf = new Map<string, Finding>();
	for (const finding of model.findings) for (const item of finding.results) findingOf.set(item.id, finding);
	const registers = readRegisters(model.document);
	const planOf = entriesBy(registers.known.poam ?? [], (entry) => textsOf(entry.findings));
	const responsesTo = entriesBy(registers.known.responses ?? [], (entry) => (typeof entry.findingId === "string" ? [entry.findingId] : []));
	return { model, limits: limitsFor(limits, model.document.results.length), findingOf, registers, planOf, responsesTo };
}

/** Anchor of a result's full row. */
export function rowAnchor(item: ResultItem): string {
	return /^[A-Za-z0-9._-]{1,80}$/.test(item.id) ? `r-${item.id}` : `r-x${Buffer.from(item.id, "utf8").toString("hex").slice(0, 64)}`;
}

export function evidenceViews(item: { evidence: readonly string[] }, context: Context): View[] {
	const views: View[] = [];
	for (const sha256 of item.evidence) {
		const number = context.model.evidenceNumbers.get(sha256);
		const listed = number !== undefined && number <= context.limits.evidenceRows;
		views.push({ href: listed ? Href.fragment(`e${number}`) : null, text: /^[0-9a-f]{64}$/.test(sha256) ? sha256.slice(0, 12) : cut(sha256, 64) });
	}
	return views;
}

export function reasonView(reason: Reason | null): View {
	if (reason === null) return null;
	const known = isReasonCode(reason.code) ? reasonCodes[reason.code] : null;
	return { code: reason.code, detail: reason.detail, meaning: known === null ? "" : known.meaning };
}

/** Where a result belongs, when its resource alone does not say so. */
export function placeOf(item: ResultItem, known: string | null = null): string | null {
	const parts: string[] = [];
	if (item.target !== item.resource && item.target !== known) parts.push(`in ${nameText(item.target)}`);
	const others = item.domains.filter((domain) => domain !== item.resource && domain !== item.target);
	if (others.length > 0) parts.push(`counts for ${others.map(nameText).join(", ")}`);
	return parts.length === 0 ? null : parts.join("; ");
}

/** The full row of a result. What all rows of a table share (title, expected state) stands in the table's heading. */
export function rowView(item: ResultItem, shared: { expected: string | null; target: string | null; path: string | null }, context: Context): View {
	const finding = context.findingOf.get(item.id);
	const observed = shown(item.observed);
	return {
		anchor: rowAnchor(item),
		resource: nameText(item.resource),
		place: placeOf(item, shared.target),
		badge: badge(item.state),
		reason: reasonView(item.reason),
		note: noteOf(item),
		message: item.message === item.title || item.message === "" ? null : cut(item.message, context.limits.valueLength),
		path: observed === null || item.path === shared.path ? null : item.path,
		observed: observed === null ? null : cut(observed, context.limits.valueLength),
		expected: item.expected === shared.expected ? null : item.expected,
		denials:
			item.denials.length > 1 ? item.denials.slice(1).map((denial) => ({ path: denial.path, message: cut(denial.message, context.limits.valueLength) })) : [],
		finding: finding === undefined ? null : { href: Href.fragment(finding.anchor), id: finding.id },
		configRules: (item.configRules ?? []).map(({ rule, compliance, recordedAt, packs = [] }) => ({
			rule: cut(nameText(rule), context.limits.valueLength),
			packs: packs.length === 0 ? null : cut(packs.map(nameText).join(", "), context.limits.valueLength),
			compliance,
			recordedAt: recordedAt === null ? "at a time it does not tell" : utc(recordedAt),
		})),
		evidence: evidenceViews(item, context),
	};
}

export function noteOf(item: ResultItem): string | null {
	const note = dispositionNotes[item.disposition];
	if (note === null) return null;
	const named = item.waiver ?? item.attestation;
	return named === null ? note : `${note} (${named})`;
}

/** Counts in reading order, zeros left out: "3 fail, 1 not assessed". */
export function countsText(counts: Totals): string {
	const parts: string[] = [];
	for (const state of stateOrder) if (counts[state] > 0) parts.push(`${counts[state]} ${stateLabels[state].toLowerCase()}`);
	return parts.length === 0 ? "no result" : parts.join(", ");
}

/** Counts as table cells. */
export function countCells(counts: Totals): View[] {
	return stateOrder.map((state) => ({ label: stateLabels[state], count: counts[state], zero: counts[state] === 0 }));
}

export function timeView(time: string): View {
	const text = utc(time);
	return { text, machine: text === time ? null : time };
}
