import { textOf, textsOf } from "../internal/entries.ts";
import { count, nameText } from "../internal/text.ts";
import { flowView } from "./diagram.ts";
import type { Context } from "./rows.ts";
import { Href, type View } from "./view.ts";
import { periodOf } from "./view-method.ts";
import { notRequestedLabels, targetTypeLabels } from "./words.ts";

const maxTargets = 500;

export function scopeView(context: Context): View {
	const { model, registers } = context;
	const { document } = model;
	const byType = new Map<string, number>();
	for (const target of document.scope.targets) byType.set(target.type, (byType.get(target.type) ?? 0) + 1);
	const byPeople = model.families
		.flatMap((family) => family.controls)
		.filter(({ control }) => control.provenBy?.every((source) => source === "record" || source === "attestation"));
	return {
		flow: flowView(model),
		targets: document.scope.targets.slice(0, maxTargets).map((target) => ({
			id: nameText(target.id),
			type: targetTypeLabels[target.type] ?? target.type,
			domains: (target.domains ?? []).map(nameText).join(", "),
		})),
		targetCounts: [...byType].map(([type, n]) => `${targetTypeLabels[type] ?? type}: ${n}`).join("; "),
		targetsLeft: document.scope.targets.length > maxTargets ? count(document.scope.targets.length - maxTargets, "further target") : null,
		notRequested: document.scope.notRequested.map((name) => notRequestedLabels[name] ?? name),
		excluded: document.entity.excluded,
		inherited: (registers.known.inherited ?? []).map((entry) => ({
			id: entry.id,
			provider: textOf(entry.provider) ?? "not named",
			report: textOf(entry.reportTitle) ?? "not named",
			period: periodOf(entry.period),
			controls: textsOf(entry.controls).join(", "),
		})),
		byPeople: byPeople.map(({ anchor, control }) => ({ href: Href.fragment(anchor), id: control.id })),
		byPeopleCount: count(byPeople.length, "control"),
		assumptions,
	};
}

const assumptions = [
	"Records are taken as they are written; a hash ties each to its document, but nobody read the documents.",
	"A plan says what will be set up, not what runs. A live account says what ran at the time of the call.",
	"DNS and mail servers are judged by what they answered to this vantage at this time.",
	"What the entity did not name, and what no named target leads to, is outside this report.",
] as const;
