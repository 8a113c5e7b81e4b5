import type { ControlResult, ResultDocument, ResultItem } from "../../model/result.ts";
import type { Finding } from "../internal/findings.ts";
import { valueLine } from "../internal/prose.ts";
import { reportId } from "../internal/report-id.ts";
import { buildModel, compareResults, type ReportModel } from "../internal/report-model.ts";
import { resourceParts } from "../internal/resource-parts.ts";
import type { ReportFile, ReportWriter } from "../writer.ts";

/** results.csv and findings.csv: RFC 4180 with a byte order mark, so that spreadsheets read UTF-8, every field quoted. */
export const writer: ReportWriter = {
	format: "csv",
	*write(result): Iterable<ReportFile> {
		const model = buildModel(result);
		yield { path: "results.csv", chunks: resultRows(model) };
		yield { path: "findings.csv", chunks: findingRows(model) };
	},
};

const resultColumns = [
	"result_id",
	"control_id",
	"check_id",
	"title",
	"citation",
	"rule_status",
	"required_or_addressable",
	"family",
	"status",
	"raw_status",
	"reason",
	"reason_detail",
	"severity",
	"resource_type",
	"resource_id",
	"account",
	"region",
	"expected",
	"observed",
	"first_seen",
	"collected_at",
	"evidence_ids",
	"waiver_id",
	"waiver_expires",
	"attestation_id",
	"owner",
	"due",
	"remediation",
	"pack",
	"pack_version",
	"report_id",
] as const;

function* resultRows(model: ReportModel): Iterable<string> {
	const { document } = model;
	const controls = new Map(document.controls.map((one) => [one.id, one]));
	const expiry = waiverExpiry(document);
	const shared = [document.run.profile, document.run.policySha256, reportId(document)];
	yield `\uFEFF${row(resultColumns)}`;
	for (const item of [...document.results].sort(compareResults)) {
		const own = item.controls.map((id) => controls.get(id)).filter((one) => one !== undefined);
		yield row([
			item.id,
			item.controls.join(" "),
			item.check,
			item.title,
			item.citations.join("; "),
			distinct(own, (one) => one.ruleStatus),
			distinct(own, (one) => one.implementation),
			distinct(own, (one) => one.family),
			item.state,
			item.status,
			item.reason === null ? "" : `${item.reason.kind}.${item.reason.code}`,
			item.reason?.detail ?? "",
			item.severity,
			...resourceColumns(item),
			item.expected ?? "",
			valueLine(item.observed),
			item.firstSeen,
			latest(item, model),
			item.evidence.join(" "),
			item.waiver ?? "",
			item.waiver === null ? "" : (expiry.get(item.waiver) ?? ""),
			item.attestation ?? "",
			"",
			"",
			item.remediation,
			...shared,
		]);
	}
}

function* findingRows(model: ReportModel): Iterable<string> {
	yield `\uFEFF${row(["finding_id", "check_id", "title", "cause", "severity", "status", "controls", "citations", "resources", "first_seen", "remediation", "report_id"])}`;
	for (const finding of model.findings) yield row([...findingCells(finding), reportId(model.document)]);
}

function findingCells(finding: Finding): string[] {
	const every = (of: (item: ResultItem) => readonly string[]): string[] => [...new Set(finding.results.flatMap(of))];
	return [
		finding.id,
		finding.check,
		finding.title,
		finding.cause,
		finding.severity,
		finding.state,
		every((item) => item.controls).join(" "),
		every((item) => item.citations).join("; "),
		String(finding.results.length),
		finding.firstSeen,
		finding.results[0]?.remediation ?? "",
	];
}

function resourceColumns(item: ResultItem): string[] {
	const { type, account, region } = resourceParts(item);
	return [type, item.resource, account ?? "", region ?? ""];
}

function distinct(controls: readonly ControlResult[], of: (control: ControlResult) => string): string {
	return [...new Set(controls.map(of))].join(" ");
}

function latest(item: ResultItem, { evidence, evidenceNumbers }: ReportModel): string {
	let last = "";
	for (const sha256 of item.evidence) {
		const at = evidence[(evidenceNumbers.get(sha256) ?? 0) - 1]?.collectedAt ?? "";
		if (at > last) last = at;
	}
	return last;
}

function waiverExpiry(document: ResultDocument): Map<string, string> {
	const expiry = new Map<string, string>();
	const { waivers } = document.records;
	for (const waiver of Array.isArray(waivers) ? (waivers as unknown[]) : []) {
		if (typeof waiver !== "object" || waiver === null) continue;
		const { id, expiresOn } = waiver as { id?: unknown; expiresOn?: unknown };
		if (typeof id === "string" && typeof expiresOn === "string") expiry.set(id, expiresOn);
	}
	return expiry;
}

function row(cells: readonly string[]): string {
	return `${cells.map(cell).join(",")}\r\n`;
}

/** A spreadsheet takes a cell that starts with one of these for a formula, and some of them run programs: an apostrophe makes it text. */
const formula = /^[=+\-@\t\r]/;

function cell(text: string): string {
	const line = valueLine(text);
	// Blanks that valueLine took away could have hidden a formula's first character from the test.
	return `"${(formula.test(line) ? `'${line}` : line).replaceAll('"', '""')}"`;
}
