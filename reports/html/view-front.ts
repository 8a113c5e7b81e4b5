import { severities } from "../../model/config.ts";
import type { AccountLook } from "../../model/evidence.ts";
import { reasonKinds } from "../../model/reasons.ts";
import { reportId } from "../internal/report-id.ts";
import type { ReportModel } from "../internal/report-model.ts";
import { count, nameText, shown, utc } from "../internal/text.ts";
import type { Theme } from "../theme/theme.ts";
import { barView } from "./bars.ts";
import { badge, type Context, countCells, severityView, timeView } from "./rows.ts";
import { Href, prose, type View } from "./view.ts";
import {
	accountStateLabels,
	coverageSentence,
	familySentence,
	figures,
	passSentence,
	reasonKindLabels,
	roleLabels,
	severityLabels,
	severityMeanings,
	stateMeanings,
	stateOrder,
	targetTypeLabels,
} from "./words.ts";

export function coverView(model: ReportModel, theme: Theme): View {
	const { run, entity } = model.document;
	const { results, controls } = model.totals;
	return {
		client: entity.legalName,
		role: roleLabels[entity.role] ?? entity.role,
		profile: run.profile,
		reportId: reportId(model.document),
		started: timeView(run.startedAt),
		ended: timeView(run.endedAt),
		asOf: timeView(run.asOf),
		timeZone: entity.timeZone,
		classification: theme.classification,
		edition: theme.edition === "final" ? "Final" : "Draft",
		draft: theme.edition !== "final",
		incomplete: model.incomplete,
		interrupted: run.interrupted,
		gaps: `${count(results.not_assessed, "result")} not assessed and ${results.manual_pending} waiting for a person; ${count(controls.not_assessed + controls.manual_pending, "control")} without a verdict.`,
		preparedBy:
			theme.preparedBy === null ? null : { name: theme.preparedBy.name, contact: theme.preparedBy.contact === null ? [] : prose(theme.preparedBy.contact) },
		hasContact: theme.preparedBy !== null && theme.preparedBy.contact !== null,
		logo: theme.logo === null ? null : { src: logoSource(theme.logo.dataUri), alt: theme.logo.alt },
		coverText: theme.coverText === null ? [] : prose(theme.coverText),
		tool: `${run.tool.name} ${run.tool.version}`,
	};
}

/** checkTheme has admitted the form data:image/...;base64, so the text holds nothing that needs showing. */
function logoSource(dataUri: string): View {
	return dataUri;
}

export function howToReadView(): View {
	return {
		states: stateOrder.map((state) => ({ badge: badge(state), meaning: stateMeanings[state] })),
		severities: severities.map((severity) => ({ severity, label: severityLabels[severity], meaning: severityMeanings[severity] })),
		kinds: reasonKinds.map((kind) => reasonKindLabels[kind]).join(", "),
	};
}

const topFindings = 5;

export function summaryView(context: Context): View {
	const { model } = context;
	const { totals } = model;
	const open = model.findings.filter((finding) => finding.state === "fail");
	const bySeverity: View[] = [];
	for (const severity of severities) {
		const some = open.filter((finding) => finding.severity === severity).length;
		if (some > 0) bySeverity.push({ severity, label: severityLabels[severity], count: some });
	}
	const levels = [
		{ name: "Controls", counts: totals.controls },
		{ name: "Results", counts: totals.results },
		{ name: "Findings", counts: totals.findings },
	];
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
		bySeverity,
		top: open.slice(0, topFindings).map((finding) => ({
			href: Href.fragment(finding.anchor),
			title: finding.title,
			cause: finding.cause,
			severity: severityView(finding.severity),
			affected: count(finding.results.length, "resource"),
		})),
		more: open.length > topFindings ? count(open.length - topFindings, "more open finding") : null,
	};
}

function accountView({ account, state, arn, regions, deniedBeforehand, notEnabled, reason }: AccountLook): View {
	return {
		account: nameText(account),
		state: accountStateLabels[state],
		caller: arn === null ? (reason?.message ?? "") : arn,
		regions: regions.join(", "),
		notEnabled: notEnabled === null ? "not known" : notEnabled.join(", ") || "none",
		denied: deniedBeforehand === null ? "not known" : deniedBeforehand.join(", ") || "none",
	};
}

export function scopeView(model: ReportModel): View {
	const { document } = model;
	const { run } = document;
	const byType = new Map<string, number>();
	for (const target of document.scope.targets) byType.set(target.type, (byType.get(target.type) ?? 0) + 1);
	return {
		targets: document.scope.targets.map((target) => ({
			id: nameText(target.id),
			type: targetTypeLabels[target.type] ?? target.type,
			domains: (target.domains ?? []).map(nameText).join(", "),
		})),
		targetCounts: [...byType].map(([type, n]) => `${targetTypeLabels[type] ?? type}: ${n}`).join("; "),
		notRequested: document.scope.notRequested,
		excluded: document.entity.excluded,
		facts: [
			{ name: "Tool", value: `${run.tool.name} ${run.tool.version}` },
			{ name: "Profile", value: run.profile },
			{ name: "Started", value: utc(run.startedAt) },
			{ name: "Ended", value: utc(run.endedAt) },
			{ name: "Ages measured as of", value: utc(run.asOf) },
			{ name: "Ran to its end", value: run.interrupted ? "No, it was interrupted" : "Yes" },
			{ name: "Caller", value: run.caller === null ? "No cloud account was used" : `${run.caller.arn} (account ${run.caller.account})` },
			...Object.entries(run.vantage).map(([name, value]) => ({ name: `Vantage: ${name}`, value: shown(value) ?? "unknown" })),
			{
				name: "Looked at",
				value: `${count(document.scope.targets.length, "target")}, ${count(new Set(document.results.map((item) => item.resource)).size, "resource")}, ${count(new Set(document.results.map((item) => item.check)).size, "check")}, ${count(document.evidence.length, "piece")} of evidence`,
			},
		],
		accounts: (run.accounts ?? []).map(accountView),
		deniedCalls: document.deniedCalls.map((denied) => ({ ...denied, target: nameText(denied.target) })),
		parameters: document.parameters.map((parameter) => ({
			check: parameter.check,
			name: parameter.name,
			value: shown(parameter.value) ?? "none",
			usual: shown(parameter.default) ?? "none",
			standing: standingText[parameter.standing],
		})),
		accepted: document.accepted.map((gap) => ({ ...gap, until: gap.until ?? "no end date" })),
	};
}

const standingText = {
	default: "As delivered",
	stricter: "Stricter than delivered",
	looser: "Looser than delivered: cannot give a pass",
	declared: "Declared scope",
} as const;
