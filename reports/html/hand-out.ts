import type { ResultDocument } from "../../model/result.ts";
import type { Finding } from "../internal/findings.ts";
import { reportId } from "../internal/report-id.ts";
import { buildModel, type ReportModel } from "../internal/report-model.ts";
import { utc } from "../internal/text.ts";
import { checkTheme, type Theme } from "../theme/theme.ts";
import type { ReportFile } from "../writer.ts";
import { defaultLimits } from "./limits.ts";
import { openPage } from "./page.ts";
import { type Context, contextOf } from "./rows.ts";
import { specifications } from "./templates.generated.ts";
import { templatesOf } from "./templates.ts";
import { prose, type View } from "./view.ts";
import { footerView } from "./view-back.ts";
import { findingView } from "./view-findings.ts";

const render = templatesOf(specifications);

/** Resources that a hand-out lists: who is to fix them needs their names, not a count. */
const handOutRows = 100;

/**
 * Makes finding-<id>.html: one finding on a page of its own, to be given to whoever fixes it. It says of the client what that person
 * needs and nothing of its other findings. The id that is asked for is a finding's or that of one of its results, as the report prints
 * them. Null: there is no such finding. Throws ReportError as the HTML report does.
 */
export function handOuts(result: ResultDocument, theme: Theme): (id: string) => ReportFile | null {
	checkTheme(theme);
	const model = buildModel(result);
	return (id) => {
		const finding = findingNamed(model, id);
		return finding === null ? null : { path: `finding-${finding.id}.html`, chunks: chunks(finding, model, theme) };
	};
}

function findingNamed(model: ReportModel, id: string): Finding | null {
	return model.findings.find((finding) => finding.id === id || finding.results.some((item) => item.id === id)) ?? null;
}

function* chunks(finding: Finding, model: ReportModel, theme: Theme): Iterable<string> {
	const { run, entity } = model.document;
	const tool = `${run.tool.name} ${run.tool.version}`;
	const left = `${entity.legalName} - ${reportId(model.document)}`;
	yield* openPage(render("head", { title: `${finding.id} - ${entity.legalName}`, tool }), theme, { left, right: theme.classification, foot: tool });
	yield '<body class="hand-out">\n';
	yield render("hand-out", handOutView(finding, model, theme));
	yield render("footer", footerView(theme, tool));
	yield "</body>\n</html>\n";
}

/** Nothing on the page leads anywhere in it: control pages and the evidence index stand in the report. */
function alone(model: ReportModel): Context {
	const context = contextOf({ ...model, controlAnchors: new Map() }, defaultLimits);
	return { ...context, limits: { ...context.limits, allRows: 0, evidenceRows: 0, findingRows: handOutRows } };
}

function handOutView(finding: Finding, model: ReportModel, theme: Theme): View {
	const { run, entity } = model.document;
	const { preparedBy, logo } = theme;
	return {
		finding: findingView(finding, alone(model)),
		logo: logo === null ? null : { src: logo.dataUri, alt: logo.alt },
		classification: theme.classification,
		id: finding.id,
		client: entity.legalName,
		check: finding.check,
		scanned: utc(run.asOf),
		reportId: reportId(model.document),
		preparedBy: preparedBy === null ? null : { name: preparedBy.name, contact: preparedBy.contact === null ? [] : prose(preparedBy.contact) },
	};
}
