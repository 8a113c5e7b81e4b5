import { severities } from "../../model/config.ts";
import type { ResultDocument, ResultItem } from "../../model/result.ts";
import { oneLine, valueLine } from "../internal/prose.ts";
import { reportId } from "../internal/report-id.ts";
import { buildModel, compareResults } from "../internal/report-model.ts";
import { count } from "../internal/text.ts";
import type { ReportFile, ReportWriter } from "../writer.ts";
import { locationOf } from "./location.ts";
import { notificationsOf } from "./notifications.ts";

/** results.sarif, SARIF 2.1.0 for code scanning: failures and exceptions that stand in a file. */
export const writer: ReportWriter = { format: "sarif", write: (result) => files(result, "results", isFinding) };

/** results-full.sarif: every state. */
export const fullWriter: ReportWriter = { format: "sarif-full", write: (result) => files(result, "results-full", () => true) };

/** What GitHub code scanning shows of one analysis; more would be dropped without a word. */
export const resultsPerFile = 5000;

export interface Part {
	/** Follows the tool in automationDetails.id; parts of one upload need different ones. */
	id: string;
	items: ResultItem[];
	/** Results left out because the part is full. */
	cut: number;
}

function* files(result: ResultDocument, name: string, wanted: (item: ResultItem) => boolean): Iterable<ReportFile> {
	const { document } = buildModel(result);
	const chosen = document.results.filter(wanted);
	const located = chosen.filter((item) => locationOf(item, document) !== null);
	const unlocated = chosen.length - located.length;
	const parts = split(located.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || compareResults(a, b)));
	for (const [index, part] of parts.entries()) {
		const path = index === 0 ? `${name}.sarif` : `${name}-${index + 1}.sarif`;
		const file = { path, chunks: [`${JSON.stringify(log(document, part, index === 0 ? unlocated : 0), null, 1)}\n`] };
		const said = omission(path, part.cut, index === 0 ? unlocated : 0);
		yield said === null ? file : { ...file, omitted: said };
	}
}

function omission(path: string, cut: number, unlocated: number): string | null {
	const parts: string[] = [];
	if (unlocated > 0) parts.push(`${count(unlocated, "result")} on resources that stand in no file (domains, hosts, accounts)`);
	if (cut > 0) parts.push(`${count(cut, "less severe result")} above the ${resultsPerFile} that code scanning shows`);
	return parts.length === 0 ? null : `${path} leaves out ${parts.join(" and ")}; the other formats hold them`;
}

function isFinding(item: ResultItem): boolean {
	return item.state === "fail" || item.state === "exception";
}

/** One part, or above the limit one per family of checks. */
function split(items: readonly ResultItem[]): Part[] {
	if (items.length <= resultsPerFile) return [{ id: "", items: [...items], cut: 0 }];
	const families = Map.groupBy(items, (item) => item.check.split(".")[0] ?? item.check);
	return [...families]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([family, own]) => ({ id: `${family}/`, items: own.slice(0, resultsPerFile), cut: Math.max(0, own.length - resultsPerFile) }));
}

function log(document: ResultDocument, part: Part, unlocated: number): object {
	const { run } = document;
	const notifications = notificationsOf(document);
	const checks = new Map<string, ResultItem>();
	for (const item of part.items) if (!checks.has(item.check)) checks.set(item.check, item);
	for (const { item } of notifications) if (!checks.has(item.check)) checks.set(item.check, item);
	const ids = [...checks.keys()].sort((a, b) => (a < b ? -1 : 1));
	const indexes = new Map(ids.map((id, index) => [id, index]));
	return {
		$schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		version: "2.1.0",
		runs: [
			{
				tool: {
					driver: {
						name: run.tool.name,
						semanticVersion: oneLine(run.tool.version),
						rules: ids.flatMap((id) => {
							const item = checks.get(id);
							return item === undefined ? [] : [rule(item)];
						}),
					},
				},
				automationDetails: { id: `mailward/${run.profile}/${part.id}` },
				invocations: [
					{
						executionSuccessful: !run.interrupted && !notifications.some((one) => one.level === "error"),
						startTimeUtc: run.startedAt,
						endTimeUtc: run.endedAt,
						toolExecutionNotifications: notifications.map(({ item, level, text }) => ({
							level,
							message: { text },
							associatedRule: { id: item.check, index: indexes.get(item.check) ?? -1 },
						})),
					},
				],
				columnKind: "utf16CodeUnits",
				results: part.items.map((item) => resultOf(item, document, indexes.get(item.check) ?? -1)),
				properties: {
					profile: run.profile,
					policySha256: run.policySha256,
					asOf: run.asOf,
					report: reportId(document),
					complete: run.complete,
					omittedResults: unlocated + part.cut,
				},
			},
		],
	};
}

const levels = { critical: "error", high: "error", medium: "warning", low: "note", info: "note" } as const;
/** GitHub's own scale; info has none. */
const securitySeverity: Readonly<Record<ResultItem["severity"], string | null>> = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0", info: null };

function rule(item: ResultItem): object {
	const score = securitySeverity[item.severity];
	const fix = oneLine(item.remediation);
	return {
		id: item.check,
		name: item.check,
		shortDescription: { text: oneLine(item.title) || item.check },
		fullDescription: { text: [oneLine(item.title), ...item.citations.map(oneLine)].filter((one) => one !== "").join(" · ") || item.check },
		help: { text: fix === "" ? oneLine(item.title) || item.check : fix },
		defaultConfiguration: { level: levels[item.severity] },
		// GitHub takes at most 20 tags.
		properties: {
			tags: ["security", "hipaa", ...item.controls.map(oneLine)].slice(0, 20),
			precision: "high",
			...(score === null ? {} : { "security-severity": score }),
		},
	};
}

const kinds = {
	fail: "fail",
	exception: "fail",
	pass: "pass",
	attested: "informational",
	not_applicable: "notApplicable",
	manual_pending: "review",
	not_assessed: "open",
} as const satisfies Record<ResultItem["state"], string>;

function resultOf(item: ResultItem, document: ResultDocument, ruleIndex: number): object {
	const kind = kinds[item.state];
	return {
		ruleId: item.check,
		ruleIndex,
		kind,
		// SARIF 2.1.0, 3.27.10: level is none unless kind is fail.
		level: kind === "fail" ? levels[item.severity] : "none",
		message: { text: messageOf(item) },
		locations: [locationOf(item, document)],
		partialFingerprints: { "mailward/v1": item.id },
		...(item.state === "exception"
			? { suppressions: [{ kind: "external", status: "accepted", justification: `waiver ${oneLine(item.waiver ?? "not named")}` }] }
			: {}),
		properties: {
			status: item.status,
			state: item.state,
			...(item.reason === null ? {} : { reason: `${item.reason.kind}.${item.reason.code}`, reasonDetail: item.reason.detail }),
			severity: item.severity,
			controls: item.controls,
			evidence: item.evidence,
			...(item.expected === null ? {} : { expected: oneLine(item.expected) }),
		},
	};
}

function messageOf(item: ResultItem): string {
	const observed = valueLine(item.observed);
	const text = oneLine(item.message) || oneLine(item.title) || item.check;
	const path = item.path === null ? "" : ` (${oneLine(item.path)}${observed === "" ? "" : ` = ${observed}`})`;
	return `${text}${path}: ${oneLine(item.resource)}`;
}
