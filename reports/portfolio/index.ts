import { severities } from "../../model/config.ts";
import { countStates, type ResultDocument, type Totals } from "../../model/result.ts";
import { barView } from "../html/bars.ts";
import { openPage } from "../html/page.ts";
import { badge, countCells, severityView } from "../html/rows.ts";
import { specifications as shared } from "../html/templates.generated.ts";
import { templatesOf } from "../html/templates.ts";
import { Href, prose, type View } from "../html/view.ts";
import { footerView } from "../html/view-back.ts";
import { coverageSentence, figures, severityLabels, stateOrder } from "../html/words.ts";
import { buildModel, type ReportModel } from "../internal/report-model.ts";
import { count, utc } from "../internal/text.ts";
import { checkTheme, type Theme } from "../theme/theme.ts";
import type { ReportFile } from "../writer.ts";
import { specifications } from "./templates.generated.ts";

export interface PortfolioEntry {
	/** The client, as the reader of the portfolio calls it. */
	name: string;
	/** Path of the client's report from the portfolio's folder. */
	href: string;
	result: ResultDocument;
	/** Counts of the scans before this one, oldest first. */
	earlier?: { asOf: string; totals: Partial<Totals> }[];
}

const worstFindings = 3;

const render = templatesOf(shared, specifications);

/**
 * One page over many clients: counts, the titles of the worst findings, what is incomplete, and the way to each report.
 * Nothing else of a client enters it: no resource, no observed value, no record. Throws ReportError as the HTML report does.
 */
export function* writePortfolio(entries: readonly PortfolioEntry[], theme: Theme): Iterable<ReportFile> {
	checkTheme(theme);
	const clients: View[] = [];
	const all = countStates([]);
	let incomplete = 0;
	let open = 0;
	const tools = new Set<string>();
	for (const entry of entries) {
		const model = buildModel(entry.result);
		clients.push(clientView(entry, model, clients.length + 1));
		for (const state of stateOrder) all[state] += model.totals.results[state];
		if (model.incomplete) incomplete += 1;
		open += model.findings.filter((finding) => finding.state === "fail").length;
		tools.add(`${entry.result.run.tool.name} ${entry.result.run.tool.version}`);
	}
	const view = overviewView(clients, all, incomplete, open, theme);
	yield { path: "index.html", chunks: page(view, clients, [...tools].sort().join(", "), theme) };
}

function* page(overview: View, clients: readonly View[], tools: string, theme: Theme): Iterable<string> {
	const tool = tools === "" ? "mailward" : tools;
	yield* openPage(render("head", { title: "Portfolio - HIPAA e-mail assessments", tool }), theme, {
		left: "Portfolio",
		right: theme.classification,
		foot: tool,
	});
	yield '<body class="portfolio">\n';
	yield render("portfolio-open", overview);
	for (const client of clients) yield render("client", client);
	yield render("portfolio-close", {});
	yield render("footer", footerView(theme, tool));
	yield "</body>\n</html>\n";
}

function overviewView(clients: readonly View[], all: Totals, incomplete: number, open: number, theme: Theme): View {
	return {
		logo: theme.logo === null ? null : { src: theme.logo.dataUri, alt: theme.logo.alt },
		classification: theme.classification,
		preparedBy: theme.preparedBy === null ? null : theme.preparedBy.name,
		contact: theme.preparedBy === null || theme.preparedBy.contact === null ? [] : prose(theme.preparedBy.contact),
		coverText: theme.coverText === null ? [] : prose(theme.coverText),
		any: clients.length > 0,
		clients: count(clients.length, "client"),
		incomplete:
			incomplete === 0
				? null
				: `${incomplete} of ${count(clients.length, "report")} ${incomplete === 1 ? "is" : "are"} incomplete: something in scope has no verdict. It is never counted as a pass.`,
		open: count(open, "open finding"),
		coverage: coverageSentence(all, "results"),
		states: stateOrder.map((state) => badge(state)),
		cells: countCells(all),
		total: figures(all).total,
	};
}

function clientView(entry: PortfolioEntry, model: ReportModel, number: number): View {
	const { totals, findings } = model;
	const open = findings.filter((finding) => finding.state === "fail");
	const bySeverity: View[] = [];
	for (const severity of severities) {
		const some = open.filter((finding) => finding.severity === severity).length;
		if (some > 0) bySeverity.push({ severity, label: severityLabels[severity], count: some });
	}
	// One title may stand for several findings of one check: it is named once.
	const worst = new Map<string, View>();
	for (const finding of open) if (!worst.has(finding.check)) worst.set(finding.check, { title: finding.title, severity: severityView(finding.severity) });
	return {
		anchor: `client-${number}`,
		name: entry.name,
		href: Href.relative(entry.href),
		hrefText: entry.href,
		incomplete: model.incomplete,
		interrupted: model.document.run.interrupted,
		asOf: utc(model.document.run.asOf),
		profile: model.document.run.profile,
		bar: barView(totals.results, `${entry.name}, results`),
		states: stateOrder.map((state) => ({ badge: badge(state), count: totals.results[state], zero: totals.results[state] === 0 })),
		coverage: coverageSentence(totals.results, "results"),
		controls: `${totals.controls.fail} of ${count(figures(totals.controls).applicable, "applicable control")} ${totals.controls.fail === 1 ? "fails" : "fail"}; ${figures(totals.controls).withoutVerdict} without a verdict.`,
		bySeverity,
		worst: [...worst.values()].slice(0, worstFindings),
		none: open.length === 0,
		trend:
			entry.earlier === undefined || entry.earlier.length === 0
				? []
				: [...entry.earlier, { asOf: model.document.run.asOf, totals: totals.results }].map(trendRow),
	};
}

/** Failing and without a verdict stand apart: fewer failures with more gaps is no progress. */
function trendRow({ asOf, totals }: NonNullable<PortfolioEntry["earlier"]>[number]): View {
	return { asOf: utc(asOf), fail: totals.fail ?? 0, gaps: (totals.not_assessed ?? 0) + (totals.manual_pending ?? 0), pass: totals.pass ?? 0 };
}
