import { severities } from "../../model/config.ts";
import { reasonKinds } from "../../model/reasons.ts";
import { textsOf } from "../internal/entries.ts";
import { reportId } from "../internal/report-id.ts";
import { count, utc } from "../internal/text.ts";
import type { Theme } from "../theme/theme.ts";
import { barView } from "./bars.ts";
import { badge, type Context } from "./rows.ts";
import { prose, type View } from "./view.ts";
import { periodOf } from "./view-method.ts";
import { figures, reasonKindLabels, roleLabels, severityLabels, severityMeanings, stateLabels, stateMeanings, stateOrder } from "./words.ts";

export function coverView({ model, registers }: Context, theme: Theme): View {
	const { run, entity } = model.document;
	const engagements = registers.known.engagements ?? [];
	const { results, controls } = model.totals;
	return {
		client: entity.legalName,
		role: roleLabels[entity.role] ?? entity.role,
		profile: run.profile,
		reportId: reportId(model.document),
		scanned: `${utc(run.startedAt).slice(0, 16)} UTC`,
		period: engagements.length === 0 ? null : engagements.map((entry) => periodOf(entry.period)).join("; "),
		distribution: [...new Set(engagements.flatMap((entry) => textsOf(entry.distribution)))].join(", "),
		bar: barView(controls, "Controls by state"),
		controlCount: count(figures(controls).total, "control"),
		counts: stateOrder
			.filter((state) => controls[state] > 0)
			.map((state) => ({ state: state.replace("_", "-"), label: stateLabels[state], count: controls[state] })),
		rulesAsOf: run.rulesAsOf ?? "not recorded",
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
