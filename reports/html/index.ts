import type { ResultDocument } from "../../model/result.ts";
import { reportId } from "../internal/report-id.ts";
import { buildModel, type ReportModel } from "../internal/report-model.ts";
import type { Theme } from "../theme/theme.ts";
import { checkTheme } from "../theme/theme.ts";
import type { ReportFile, ReportWriter } from "../writer.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { openPage } from "./page.ts";
import { type Context, contextOf, timeView } from "./rows.ts";
import { type Render, templatesOf } from "./templates.ts";
import { Href, type View } from "./view.ts";
import { evidenceRows, evidenceView, exceptionsView, footerView, glossaryView, integrityView, registersView } from "./view-back.ts";
import { controlView, matrixView, unclaimedView } from "./view-controls.ts";
import { findingView, notAssessedView } from "./view-findings.ts";
import { coverView, howToReadView, scopeView, summaryView } from "./view-front.ts";

const render: Render = templatesOf(new URL("./templates/", import.meta.url));

interface Section {
	id: string;
	title: string;
	body: () => Iterable<string>;
}

/** report.html: one file that needs no script, no network and no other file. */
export const writer: ReportWriter = {
	format: "html",
	*write(result: ResultDocument, theme: Theme): Iterable<ReportFile> {
		yield htmlReport(result, theme, defaultLimits);
	},
};

/** The same with other limits. The document is read and checked at once, before a byte is written; chunks are made as they are asked for. */
export function htmlReport(result: ResultDocument, theme: Theme, limits: Limits): ReportFile {
	checkTheme(theme);
	const context = contextOf(buildModel(result), limits);
	return { path: "report.html", chunks: chunks(context, theme) };
}

function* chunks(context: Context, theme: Theme): Iterable<string> {
	const { model } = context;
	const { run, entity } = model.document;
	const tool = `${run.tool.name} ${run.tool.version}`;
	const id = reportId(model.document);
	yield* openPage(render("head", { title: `${entity.legalName} - HIPAA e-mail assessment`, tool }), theme, {
		left: `${entity.legalName} - ${id}`,
		right: theme.classification,
		foot: model.incomplete ? `${tool} - INCOMPLETE` : tool,
	});
	yield '<body class="report">\n';
	yield render("cover", coverView(model, theme));
	const sections = sectionsOf(context, theme);
	yield render("toc", { sections: sections.map((section, index) => ({ href: Href.fragment(section.id), number: index + 1, title: section.title })) });
	yield '<main id="main">\n';
	for (const [index, section] of sections.entries()) {
		yield render("section-open", { id: section.id, number: index + 1, title: section.title });
		yield* section.body();
		yield "</section>\n";
	}
	yield "</main>\n";
	yield render("footer", footerView(theme, tool));
	yield "</body>\n</html>\n";
}

function sectionsOf(context: Context, theme: Theme): Section[] {
	const { model } = context;
	const one = (name: string, view: () => View) => (): Iterable<string> => [render(name, view())];
	const sections: Section[] = [
		{ id: "how-to-read", title: "How to read this", body: one("how-to-read", howToReadView) },
		{ id: "summary", title: "Executive summary", body: one("summary", () => summaryView(context)) },
		{ id: "scope", title: "Scope and method", body: one("scope", () => scopeView(model)) },
		{ id: "matrix", title: "Results by control", body: one("matrix", () => matrixView(model.families)) },
		{ id: "controls", title: "Control pages", body: () => controlPages(context) },
		{ id: "findings", title: "Findings register", body: () => findings(context) },
		{ id: "exceptions", title: "Exceptions and attestations", body: one("exceptions", () => exceptionsView(context)) },
		{ id: "not-assessed", title: "Not assessed", body: one("not-assessed", () => notAssessedView(context)) },
	];
	const registers = registersView(model);
	if (registers.length > 0) sections.push({ id: "registers", title: "Registers", body: one("registers", () => ({ registers })) });
	if (model.appendix.length > 0) sections.push({ id: "proposed", title: "Readiness for proposed rules", body: () => appendix(model, context) });
	sections.push(
		{ id: "evidence", title: "Evidence index", body: () => evidence(context) },
		{ id: "integrity", title: "Integrity and custody", body: one("integrity", () => integrityView(model, theme)) },
		{ id: "glossary", title: "Glossary and versions", body: one("glossary", () => glossaryView(model)) },
	);
	return sections;
}

function* controlPages(context: Context): Iterable<string> {
	for (const family of context.model.families) {
		// Controls with rows come first, each on its own page in print; those without share the pages that follow.
		const withRows = family.controls.filter((control) => control.results.length > 0);
		const without = family.controls.filter((control) => control.results.length === 0);
		for (const control of [...withRows, ...without]) yield render("control", controlView(control, context));
	}
	if (context.model.unclaimed.length > 0) yield render("unclaimed", unclaimedView(context.model.unclaimed, context));
}

function* findings(context: Context): Iterable<string> {
	yield render("findings-intro", { none: context.model.findings.length === 0 });
	for (const finding of context.model.findings) yield render("finding", findingView(finding, context));
}

function* appendix(model: ReportModel, context: Context): Iterable<string> {
	yield render("appendix-intro", { asOf: timeView(model.document.run.asOf) });
	for (const control of model.appendix) yield render("control", controlView(control, context));
}

function* evidence(context: Context): Iterable<string> {
	const view = evidenceView(context);
	yield render("evidence-open", { total: view.total, kinds: view.kinds });
	for (const slice of evidenceRows(context)) yield render("evidence-rows", slice);
	yield render("evidence-close", { left: view.left });
}
