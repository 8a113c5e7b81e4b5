import type { ResultDocument, State } from "../../model/result.ts";
import type { Finding } from "../internal/findings.ts";
import { cutLine } from "../internal/prose.ts";
import { reportId } from "../internal/report-id.ts";
import { buildModel, type ReportModel } from "../internal/report-model.ts";
import { count } from "../internal/text.ts";
import type { ReportFile, ReportWriter } from "../writer.ts";

/** summary.md: what a reviewer of a pull request reads. GitHub and GitLab both cut long comments, so that the list ends early and says so. */
export const writer: ReportWriter = {
	format: "markdown",
	*write(result): Iterable<ReportFile> {
		yield { path: "summary.md", chunks: chunks(buildModel(result)) };
	},
};

const listed = 50;
const words: readonly (readonly [State, string])[] = [
	["fail", "fail"],
	["not_assessed", "not assessed"],
	["manual_pending", "waiting for a person"],
	["exception", "exception"],
	["attested", "attested"],
	["pass", "pass"],
	["not_applicable", "not applicable"],
];

function* chunks(model: ReportModel): Iterable<string> {
	const { document } = model;
	yield `## mailward: ${escaped(document.entity.legalName)}\n\n`;
	yield `${headline(model)}\n\n`;
	yield `| ${words.map(([, word]) => word).join(" | ")} |\n| ${words.map(() => "---:").join(" | ")} |\n`;
	yield `| ${words.map(([state]) => model.totals.results[state]).join(" | ")} |\n\n`;
	if (model.findings.length > 0) {
		yield "### Findings\n\n| severity | finding | resources | check |\n| --- | --- | --- | --- |\n";
		for (const finding of model.findings.slice(0, listed)) yield findingRow(finding);
		if (model.findings.length > listed) yield `\n${count(model.findings.length - listed, "further finding")} in the report.\n`;
		yield "\n";
	}
	yield* gaps(document);
	yield `<sub>${escaped(document.run.tool.name)} ${escaped(document.run.tool.version)}, profile ${escaped(document.run.profile)}, as of ${escaped(document.run.asOf)}, report ${reportId(document)}. No certification, no legal advice.</sub>\n`;
}

function headline(model: ReportModel): string {
	const { fail, not_assessed, manual_pending } = model.totals.results;
	const open = not_assessed + manual_pending;
	const failures = fail === 0 ? "Nothing that was assessed fails." : `**${count(fail, "result")} fail${fail === 1 ? "s" : ""}.**`;
	return open === 0 && !model.incomplete ? failures : `${failures} **Incomplete:** ${count(open, "result")} ${open === 1 ? "has" : "have"} no verdict.`;
}

function findingRow(finding: Finding): string {
	const first = finding.results[0]?.resource ?? "";
	const more = finding.results.length > 1 ? ` and ${finding.results.length - 1} more` : "";
	const state = finding.state === "exception" ? " (exception)" : "";
	return `| ${finding.severity}${state} | ${escaped(cutLine(finding.cause, 200))} | ${escaped(cutLine(first, 120))}${more} | ${escaped(finding.check)} |\n`;
}

function* gaps(document: ResultDocument): Iterable<string> {
	const codes = new Map<string, number>();
	for (const item of document.results) {
		if (item.state === "not_assessed" && item.reason !== null) codes.set(item.reason.code, (codes.get(item.reason.code) ?? 0) + 1);
	}
	if (codes.size === 0) return;
	yield "### Not assessed\n\n";
	for (const [code, results] of [...codes].sort(([a], [b]) => (a < b ? -1 : 1))) yield `- \`${code}\`: ${count(results, "result")}\n`;
	yield "\n";
}

/** Outside text in Markdown: every character that starts markup, a link, a mention or HTML becomes a reference or is escaped. */
function escaped(text: string): string {
	return cutLine(text, 1000)
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll("@", "&#64;")
		.replaceAll("://", "&#58;//")
		.replaceAll("www.", "www&#46;")
		.replaceAll(/[\\`*_{}[\]()#+!|~^$-]/g, (character) => `&#${character.charCodeAt(0)};`);
}
