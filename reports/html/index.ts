import type { ResultDocument } from "../../model/result.ts";
import { reportId } from "../internal/report-id.ts";
import { buildModel, type ReportModel } from "../internal/report-model.ts";
import type { Theme } from "../theme/theme.ts";
import { checkTheme } from "../theme/theme.ts";
import type { ReportFile, ReportWriter } from "../writer.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { openPage, reportScript } from "./page.ts";
import { type Context, contextOf } from "./rows.ts";
import { specifications } from "./templates.generated.ts";
import { type Render, templatesOf } from "./templates.ts";
import { Href, type View } from "./view.ts";
import { evidenceRows, evidenceView, exceptionsView, footerView, glossaryView, integrityView } from "./view-back.ts";
import { controlView, matrixView, unclaimedView } from "./view-controls.ts";
import { findingView, notAssessedView } from "./view-findings.ts";
import { coverView, howToReadView } from "./view-front.ts";
import { assessorsView, methodologyView, populationView } from "./view-method.ts";
import { planView, signOffView } from "./view-plan.ts";
import { registersView } from "./view-registers.ts";
import { scopeView } from "./view-scope.ts";
import { summaryView } from "./view-summary.ts";

const render: Render = templatesOf(specifications);

/** A section of the outline. Its number is fixed, so that "section 11" is the same in every report. */
interface Section {
	number: number;
	id: string;
	title: string;
	/** Null: this report has no such section, and the contents say why. */
	body: (() => Iterable<string>) | null;
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
	const running = { left: `${entity.legalName} - ${id}`, right: theme.classification, foot: model.incomplete ? `${tool} - INCOMPLETE` : tool };
	yield* openPage(render("head", { title: `${entity.legalName} - HIPAA e-mail assessment`, tool }), theme, running, true);
	yield `<body class="report${model.document.results.length > context.limits.wholeLayout ? " large" : ""}">\n`;
	yield render("cover", coverView(context, theme));
	const sections = sectionsOf(context, theme);
	yield render("toc", {
		sections: sections.map(({ id: anchor, number, title, body }) => ({ href: body === null ? null : Href.fragment(anchor), number, title })),
	});
	yield '<main id="main">\n';
	for (const { id: anchor, number, title, body } of sections) {
		if (body === null) continue;
		yield render("section-open", { id: anchor, number, title });
		yield* body();
		yield "</section>\n";
	}
	yield "</main>\n";
	yield render("footer", footerView(theme, tool));
	yield `<script>${reportScript.text}</script>\n</body>\n</html>\n`;
}

function sectionsOf(context: Context, theme: Theme): Section[] {
	const { model } = context;
	const one = (name: string, view: () => View) => (): Iterable<string> => [render(name, view())];
	return [
		{ number: 1, id: "how-to-read", title: "How to read this", body: one("how-to-read", howToReadView) },
		{ number: 2, id: "summary", title: "Executive summary", body: one("summary", () => summaryView(context)) },
		{ number: 3, id: "scope", title: "Scope and boundary", body: one("scope", () => scopeView(context)) },
		{ number: 4, id: "methodology", title: "Methodology", body: one("methodology", () => methodologyView(context)) },
		{ number: 5, id: "assessors", title: "Assessors and independence", body: one("assessors", () => assessorsView(context)) },
		{ number: 6, id: "population", title: "Population and sample", body: one("population", () => populationView(context)) },
		{ number: 7, id: "matrix", title: "Results by requirement", body: one("matrix", () => matrixView(model.families)) },
		{ number: 8, id: "controls", title: "Control pages", body: () => controlPages(context) },
		{ number: 9, id: "findings", title: "Findings register", body: () => findings(context) },
		{ number: 10, id: "exceptions", title: "Exceptions and waivers", body: one("exceptions", () => exceptionsView(context)) },
		{ number: 11, id: "not-assessed", title: "Not assessed", body: one("not-assessed", () => notAssessedView(context)) },
		{ number: 12, id: "plan", title: "Remediation plan", body: one("plan", () => planView(context)) },
		{ number: 13, id: "registers", title: "Registers", body: one("registers", () => registersView(context)) },
		{ number: 14, id: "proposed", title: "Readiness for the proposed rule", body: model.appendix.length === 0 ? null : () => appendix(model, context) },
		{ number: 15, id: "evidence", title: "Evidence index", body: () => evidence(context) },
		{ number: 16, id: "integrity", title: "Integrity and custody", body: one("integrity", () => integrityView(context, theme)) },
		{ number: 17, id: "sign-off", title: "Sign-off", body: one("sign-off", () => signOffView(context)) },
		{ number: 18, id: "glossary", title: "Glossary and versions", body: one("glossary", () => glossaryView(model)) },
	];
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
	yield render("appendix-intro", { asOf: model.document.run.rulesAsOf ?? "a date that was not recorded" });
	for (const control of model.appendix) yield render("control", controlView(control, context));
}

function* evidence(context: Context): Iterable<string> {
	const view = evidenceView(context);
	yield render("evidence-open", { total: view.total, kinds: view.kinds });
	for (const slice of evidenceRows(context)) yield render("evidence-rows", slice);
	yield render("evidence-close", { left: view.left });
}
