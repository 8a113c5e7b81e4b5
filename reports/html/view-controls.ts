import { byCodeUnit } from "../../model/canonical.ts";
import { type ControlResult, countStates, type ResultItem, type Totals, worstState } from "../../model/result.ts";
import { headingOf, sourceOf } from "../internal/citations.ts";
import { measureOf, personOf, textOf, textsOf } from "../internal/entries.ts";
import { familyLabel } from "../internal/families.ts";
import { priorState } from "../internal/prior.ts";
import type { ControlModel, FamilyModel } from "../internal/report-model.ts";
import { rankOf } from "../internal/report-model.ts";
import { count, cut, nameText, utc } from "../internal/text.ts";
import { isSummarized } from "./limits.ts";
import { badge, type Context, countCells, countsText, reasonView, rowAnchor, rowView, severityView } from "./rows.ts";
import { Href, prose, type View } from "./view.ts";
import { responseView } from "./view-plan.ts";
import { dispositionNotes, implementationLabels, methodLabels, proofLabels, ruleStatusLabels, stateLabels, stateOrder } from "./words.ts";

/** Requirement by status, one table per family. */
export function matrixView(families: readonly FamilyModel[]): View {
	return {
		families: families.map((family) => ({
			states: stateOrder.map((state) => stateLabels[state]),
			anchor: `matrix-${family.anchor}`,
			label: family.label,
			counts: countsText(family.counts),
			controls: family.controls.map((model) => ({
				href: Href.fragment(model.anchor),
				id: model.control.id,
				title: model.control.title,
				implementation: implementationLabels[model.control.implementation],
				badge: badge(model.control.state),
				cells: countCells(model.counts),
			})),
		})),
	};
}

/** One control page. A control without any result is a short entry that need not start a new page in print. */
export function controlView(model: ControlModel, context: Context): View {
	const { control } = model;
	const { limits } = context;
	const full: ResultItem[] = [];
	const repeated: ResultItem[] = [];
	for (const item of model.results) (context.model.homes.get(item.id) === model ? full : repeated).push(item);
	const summarized = isSummarized(context.model.document.results.length, limits);
	const inline = summarized ? full.slice(0, limits.firstRows) : full;
	const repeat = context.model.document.results.length <= limits.repeatedRows;
	return {
		anchor: model.anchor,
		id: control.id,
		title: control.title,
		family: familyLabel(control.family),
		badge: badge(control.state),
		brief: model.results.length === 0,
		citations: control.citations.map(citationView),
		keyActivity: [...new Set(control.citations.map(headingOf).filter((heading) => heading !== null))].join("; "),
		prior: priorText(model, context),
		asks: control.asks ?? null,
		provenBy: (control.provenBy ?? []).map((source) => proofLabels[source] ?? source).join(", "),
		crosswalk: crosswalk(control),
		samples: samplesOf(control.id, context),
		transmission: control.citations.some((citation) => citation.startsWith("45 CFR 164.312(e)")) ? transmission(model) : [],
		decisions: decisions(model, context),
		responses: [...new Set(model.results.flatMap((item) => context.responsesTo.get(item.id) ?? []))].map(responseView),
		implementation: implementationLabels[control.implementation],
		addressable: control.implementation === "addressable",
		ruleStatus: ruleStatusLabels[control.ruleStatus],
		rationale: rationale(model),
		reason: reasonView(control.reason),
		attestation: control.attestation,
		boxes: boxes(model, context),
		groups: groupViews(inline, model.anchor, context),
		left: restView(full.slice(inline.length)),
		repeated: repeat ? repeatedViews(repeated, context) : [],
		elsewhere: repeat || repeated.length === 0 ? null : elsewhereText(repeated, context),
		hasRepeated: repeat && repeated.length > 0,
		repeatedAnchor: `${model.anchor}-more`,
		recommendations: recommendations(model),
	};
}

/** Results that no listed control claims, as a page of their own. */
export function unclaimedView(results: readonly ResultItem[], context: Context): View {
	const summarized = isSummarized(context.model.document.results.length, context.limits);
	const inline = summarized ? results.slice(0, context.limits.firstRows) : results;
	return { groups: groupViews(inline, "unclaimed", context), left: restView(results.slice(inline.length)) };
}

function restView(rest: readonly ResultItem[]): View {
	if (rest.length === 0) return null;
	return { count: count(rest.length, "further result"), counts: countsText(countStates(rest.map((item) => item.state))) };
}

function groupViews(results: readonly ResultItem[], anchor: string, context: Context): View[] {
	const groups = new Map<string, ResultItem[]>();
	for (const item of results) {
		const group = groups.get(item.check);
		if (group === undefined) groups.set(item.check, [item]);
		else group.push(item);
	}
	// Results come worst first, so a check stands where its worst result does.
	const sorted = [...groups.values()].sort((a, b) => worst(a) - worst(b) || byCodeUnit(a[0]?.check ?? "", b[0]?.check ?? ""));
	const views: View[] = [];
	for (const [index, group] of sorted.entries()) {
		const first = group[0];
		if (first === undefined) continue;
		const expected = group.every((item) => item.expected === first.expected) ? first.expected : null;
		const target = first.target !== first.resource && group.every((item) => item.target === first.target) ? first.target : null;
		const path = group.length > 1 && group.every((item) => item.path === first.path) ? first.path : null;
		views.push({
			anchor: `${anchor}-check-${index + 1}`,
			check: first.check,
			title: first.title,
			page: anchor,
			path,
			target: target === null ? null : nameText(target),
			reference: first.reference.join(", "),
			method: methodLabels[first.method],
			severity: severityView(first.severity),
			expected,
			counts: countsText(countStates(group.map((item) => item.state))),
			rows: group.map((item) => rowView(item, { expected, target, path }, context)),
		});
	}
	return views;
}

function worst(group: readonly ResultItem[]): number {
	let rank = Number.MAX_SAFE_INTEGER;
	for (const item of group) rank = Math.min(rank, rankOf(item.state));
	return rank;
}

function repeatedViews(repeated: readonly ResultItem[], context: Context): View[] {
	return repeated.map((item) => {
		const home = context.model.homes.get(item.id);
		return {
			badge: badge(item.state),
			resource: nameText(item.resource),
			title: item.title,
			href: Href.fragment(rowAnchor(item)),
			home: home === undefined ? "" : home.control.id,
		};
	});
}

function elsewhereText(repeated: readonly ResultItem[], context: Context): View {
	const byHome = new Map<ControlModel, ResultItem[]>();
	for (const item of repeated) {
		const home = context.model.homes.get(item.id);
		if (home === undefined) continue;
		const list = byHome.get(home);
		if (list === undefined) byHome.set(home, [item]);
		else list.push(item);
	}
	const views: View[] = [];
	for (const [home, items] of byHome) {
		views.push({
			href: Href.fragment(home.anchor),
			id: home.control.id,
			count: count(items.length, "result"),
			counts: countsText(countStates(items.map((item) => item.state))),
		});
	}
	return views;
}

function rationale(model: ControlModel): string {
	const { control, results, counts } = model;
	if (results.length === 0) return "No check of this run gave a result for this control.";
	const parts = `${count(results.length, "result")}: ${countsText(counts)}.`;
	return counts[control.state] > 0
		? `The worst result decides. ${parts}`
		: `The control stands worse than its results: a part of it, such as a policy, a record or a sample, has no verdict. ${parts}`;
}

/** Policy, implementation and sample, as the HHS OCR audit protocol asks; an empty box says "none". */
function boxes(model: ControlModel, context: Context): View {
	const by: Record<ResultItem["method"], ResultItem[]> = { examine: [], test: [], interview: [] };
	for (const item of model.results) by[item.method].push(item);
	const said = (items: readonly ResultItem[]): string => (items.length === 0 ? "none" : boxText(countStates(items.map((item) => item.state))));
	const resources = new Set(by.test.map((item) => item.resource)).size;
	const samples = samplesOf(model.control.id, context);
	const whole = resources === 0 ? "none" : `All ${count(resources, "resource")} that the scan saw; no sample was drawn`;
	const views = [
		{ name: "Policy", text: said(by.examine) },
		{ name: "Implementation", text: said(by.test) },
		{ name: "Sample", text: samples.length === 0 ? whole : `${count(samples.length, "sample")} of attestations (section 6): ${samples.join(", ")}` },
	];
	return by.interview.length === 0 ? views : [...views, { name: "Statements of people", text: said(by.interview) }];
}

/** Attestations of the control that say which sample they rest on. */
function samplesOf(id: string, context: Context): string[] {
	return (context.registers.known.attestations ?? [])
		.filter((entry) => textsOf(entry.controls).includes(id) && typeof entry.sample === "object" && entry.sample !== null)
		.map((entry) => entry.id);
}

export function citationView(citation: string): View {
	const source = sourceOf(citation);
	return { text: citation, href: source === null ? null : Href.https(source) };
}

/** What the control's results of today were in the scan before; results that are gone are not among them. */
function priorText(model: ControlModel, context: Context): string | null {
	const { baseline } = context.model.document.run;
	if (baseline === undefined) return null;
	const before = worstState(model.results.map((item) => priorState(item, baseline)).filter((state) => state !== null));
	return `${before === undefined ? "not among the results" : stateLabels[before]}, ${utc(baseline.asOf).slice(0, 10)}`;
}

function crosswalk(control: ControlResult): string {
	const parts: string[] = [];
	if ((control.nist80053 ?? []).length > 0) parts.push(`NIST SP 800-53: ${(control.nist80053 ?? []).join(", ")}`);
	if ((control.soc2 ?? []).length > 0) parts.push(`SOC 2: ${(control.soc2 ?? []).join(", ")}`);
	return parts.join("; ");
}

/** What is on record where an addressable specification is met in another way: why, by which measure, why that is equivalent, who decided and until when. */
function decisions(model: ControlModel, context: Context): View[] {
	const seen = new Map<string, ResultItem[]>();
	for (const item of model.results) if (item.waiver !== null) seen.set(item.waiver, [...(seen.get(item.waiver) ?? []), item]);
	const records = new Map((context.registers.known.waivers ?? []).map((waiver) => [waiver.id, waiver]));
	return [...seen].map(([id, items]) => {
		const record = records.get(id);
		const measure = [record?.alternativeMeasure, record?.compensatingControl].map(measureOf).find((one) => one !== null);
		const said = (value: unknown): string => cut(textOf(value) ?? "not on record", context.limits.valueLength);
		return {
			id,
			count: count(items.length, "result"),
			facts: [
				{ name: "Standing", value: [...new Set(items.map((item) => dispositionNotes[item.disposition] ?? "no effect"))].join("; ") },
				{ name: "Why it is not reasonable and appropriate here", value: said(record?.notReasonableBecause) },
				{ name: "What stands in its place", value: said(measure) },
				{ name: "Why that is equivalent", value: said(record?.equivalenceStatement) },
				{
					name: "Decided",
					value: `${personOf(record?.approvedBy) ?? "by nobody named"}, ${textOf(record?.approvedOn) ?? "no date"}; until ${textOf(record?.expiresOn) ?? "no date"}`,
				},
			],
		};
	});
}

/** The questions of the OCR audit protocol on transmission, each answered by the checks of an area or by nothing. */
const transmissionQuestions = [
	{ question: "Which technology encrypts mail on its way?", areas: ["smtp", "mta_sts", "dane", "tls_rpt", "sending", "submission", "mailbox"] },
	{ question: "How are keys and certificates protected, and who may create or change them?", areas: ["keys", "certificate", "acm", "dkim", "iam", "secrets"] },
	{ question: "When is encryption deemed appropriate?", areas: ["records", "risk"] },
] as const;

function transmission(model: ControlModel): View[] {
	const answers: View[] = transmissionQuestions.map(({ question, areas }) => {
		const own = model.results.filter((item) => (areas as readonly string[]).includes(item.check.split(".")[0] ?? ""));
		const checks = new Set(own.map((item) => item.title)).size;
		return {
			question,
			answer:
				own.length === 0 ? "No result of this control answers this" : `${count(checks, "check")}: ${countsText(countStates(own.map((item) => item.state)))}`,
		};
	});
	const tests = model.results.filter((item) => item.method === "test");
	const proof =
		tests.length === 0
			? "No test of this control"
			: `${count(tests.length, "test")}, each with its evidence below: ${countsText(countStates(tests.map((item) => item.state)))}`;
	return [...answers, { question: "What proves that transmitted ePHI is encrypted?", answer: proof }];
}

function boxText(counts: Totals): string {
	const text = countsText(counts);
	return text.charAt(0).toUpperCase() + text.slice(1);
}

function recommendations(model: ControlModel): View[] {
	const views: View[] = [];
	const seen = new Set<string>();
	for (const item of model.results) {
		if ((item.state !== "fail" && item.state !== "exception") || item.remediation === "" || seen.has(item.check)) continue;
		seen.add(item.check);
		views.push({ check: item.check, text: prose(item.remediation) });
	}
	return views;
}
