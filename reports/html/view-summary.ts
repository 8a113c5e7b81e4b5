import { severities } from "../../model/config.ts";
import { diffMeanings } from "../../model/diff.ts";
import type { RegisterEntry } from "../../model/registers.ts";
import { personOf, textOf, writtenAbout } from "../internal/entries.ts";
import { changesOf } from "../internal/prior.ts";
import { count, utc } from "../internal/text.ts";
import { barView } from "./bars.ts";
import { severityChart, trendView } from "./charts.ts";
import { badge, type Context, countCells, severityView } from "./rows.ts";
import { Href, type View } from "./view.ts";
import { coverageSentence, familySentence, figures, passSentence, stateOrder } from "./words.ts";

const topFindings = 5;

/** One page: what a reader with one minute takes away. */
export function summaryView(context: Context): View {
	const { model } = context;
	const { totals } = model;
	const open = model.findings.filter((finding) => finding.state === "fail");
	const bySeverity = severities.map((severity) => ({ severity, count: open.filter((finding) => finding.severity === severity).length }));
	const levels = [
		{ name: "Controls", counts: totals.controls },
		{ name: "Results", counts: totals.results },
		{ name: "Findings", counts: totals.findings },
	];
	const today = model.document.run.asOf.slice(0, 10);
	const late = (context.registers.known.poam ?? []).filter((item) => isLate(item, today));
	return {
		headline: [
			{ figure: totals.controls.fail, label: totals.controls.fail === 1 ? "control fails" : "controls fail" },
			{ figure: figures(totals.controls).withoutVerdict, label: "controls have no verdict" },
			{ figure: totals.controls.pass, label: totals.controls.pass === 1 ? "control passed" : "controls passed" },
			{ figure: open.length, label: open.length === 1 ? "open finding" : "open findings" },
		],
		coverage: coverageSentence(totals.results, "results"),
		passes: passSentence(totals.results),
		controlCoverage: coverageSentence(totals.controls, "controls"),
		decisions: `${count(totals.results.exception, "exception")} and ${count(totals.results.attested, "attestation")} stand beside the passes, not among them.`,
		states: stateOrder.map((state) => badge(state)),
		levels: levels.map((level) => ({ name: level.name, total: figures(level.counts).total, cells: countCells(level.counts) })),
		families: model.families.map((family) => ({
			label: family.label,
			href: Href.fragment(`matrix-${family.anchor}`),
			total: count(family.controls.length, "control"),
			sentence: familySentence(family.counts),
			bar: barView(family.counts, family.label),
		})),
		severityChart: open.length === 0 ? null : severityChart(bySeverity),
		top: open.slice(0, topFindings).map((finding) => {
			const [item] = writtenAbout(finding, context.planOf);
			return {
				href: Href.fragment(finding.anchor),
				title: finding.title,
				cause: finding.cause,
				severity: severityView(finding.severity),
				affected: count(finding.results.length, "resource"),
				plan: item === undefined ? "no owner, no date" : `${personOf(item.owner) ?? "no owner"}, due ${textOf(item.dueOn) ?? "on no date"}`,
			};
		}),
		more: open.length > topFindings ? count(open.length - topFindings, "more open finding") : null,
		late:
			late.length === 0
				? null
				: `${count(late.length, "item")} of the remediation plan ${late.length === 1 ? "is" : "are"} past due: ${late.map((item) => item.id).join(", ")}.`,
		change: changeView(context),
	};
}

/** Not done on the day it was due. */
export function isLate(item: RegisterEntry, today: string): boolean {
	return (item.status === "open" || item.status === "in_progress") && typeof item.dueOn === "string" && item.dueOn < today;
}

function changeView({ model }: Context): View {
	const { baseline, asOf } = model.document.run;
	const changes = changesOf(model.document, model.results);
	if (baseline === undefined || changes === null) return null;
	return {
		since: utc(baseline.asOf),
		verified: baseline.verified ? "a bundle whose hashes hold" : "a bare result.json, not verified",
		rows: [...changes].map(([group, n]) => ({
			name: group.replace("_", " "),
			meaning: group === "changed" ? "another state, neither fixed nor failing" : group === "unchanged" ? "same state" : diffMeanings[group],
			count: n,
		})),
		total: model.results.length,
		trend: trendView(baseline.scans ?? [], { asOf, results: model.totals.results }),
	};
}
