import type { AccountLook, AggregatorLook } from "../../model/evidence.ts";
import { reasonCodes } from "../../model/reasons.ts";
import { objectsOf, personOf, textOf } from "../internal/entries.ts";
import type { ReportModel } from "../internal/report-model.ts";
import { count, nameText, shown, utc } from "../internal/text.ts";
import type { Context } from "./rows.ts";
import type { View } from "./view.ts";
import { accountStateLabels, methodLabels, relationshipLabels, statusLabels } from "./words.ts";

interface Fact {
	name: string;
	value: string;
}

export function methodologyView(context: Context): View {
	const { model } = context;
	const { document } = model;
	const { run } = document;
	const methods = new Map<string, { results: number; checks: Set<string>; controls: Set<string> }>();
	for (const item of model.results) {
		const entry = methods.get(item.method) ?? { results: 0, checks: new Set(), controls: new Set() };
		entry.results += 1;
		entry.checks.add(item.check);
		for (const id of item.controls) entry.controls.add(id);
		methods.set(item.method, entry);
	}
	return {
		methods: (["examine", "interview", "test"] as const).map((method) => {
			const entry = methods.get(method);
			return {
				name: methodLabels[method],
				meaning: methodMeanings[method],
				checks: entry?.checks.size ?? 0,
				controls: entry?.controls.size ?? 0,
				results: entry?.results ?? 0,
			};
		}),
		facts: [
			{ name: "Tool", value: `${run.tool.name} ${run.tool.version}` },
			{ name: "Check pack (SHA-256)", value: run.policySha256 },
			{ name: "Configuration (SHA-256)", value: run.configSha256 },
			{ name: "Profile, rules as of", value: `${run.profile}, ${run.rulesAsOf ?? "date not recorded"}` },
			{ name: "Started and ended", value: `${utc(run.startedAt)} to ${utc(run.endedAt)}; entity in ${document.entity.timeZone}` },
			{ name: "Ages measured as of", value: utc(run.asOf) },
			{ name: "Clock", value: "That of the machine; its offset was not measured" },
			{ name: "Command line", value: "Not recorded; the configuration hash stands for the settings" },
			{ name: "Ran to its end", value: run.interrupted ? "No, it was interrupted" : "Yes" },
			{ name: "Caller", value: run.caller === null ? "No cloud account was used" : `${run.caller.arn} (account ${run.caller.account})` },
			{ name: "Permissions", value: "Read only. The command mailward iam-policy prints what is needed; what was denied stands below" },
			...(run.aggregators ?? []).map(aggregatorFact),
			...vantage(model),
			...network(run.network),
			{
				name: "Looked at",
				value: `${count(document.scope.targets.length, "target")}, ${count(new Set(document.results.map((item) => item.resource)).size, "resource")}, ${count(new Set(document.results.map((item) => item.check)).size, "check")}, ${count(document.controls.length, "control")}, ${count(document.evidence.length, "piece")} of evidence`,
			},
		],
		accounts: (run.accounts ?? []).map(accountView),
		conformancePacks: packsView(document.conformancePacks),
		deniedCalls: document.deniedCalls.slice(0, maxDenied).map((denied) => ({ ...denied, target: nameText(denied.target) })),
		deniedLeft: document.deniedCalls.length > maxDenied ? count(document.deniedCalls.length - maxDenied, "further call") : null,
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

/** Which settings were not looked at on the spot: each bears the time of its capture in the evidence index. */
function aggregatorFact({ name, account, region, maxAgeHours, answers, failure }: AggregatorLook): Fact {
	const stood = `${name}, ${region}, account ${nameText(account)}: ${count(answers, "setting")} as AWS Config recorded them, each at most ${count(maxAgeHours, "hour")} old and dated in the evidence index`;
	return {
		name: "AWS Config aggregator",
		value: failure === null ? stood : `${stood}. It refused a question, and the rest was asked directly: ${failure.message}`,
	};
}

function packsView(told: ReportModel["document"]["conformancePacks"]): View | null {
	if (told === undefined) return null;
	const { packs, unread } = told;
	return {
		packs: packs.slice(0, maxPacks).map((one) => ({ ...one, target: nameText(one.target), pack: nameText(one.pack) })),
		left: packs.length > maxPacks ? count(packs.length - maxPacks, "further pack") : null,
		unread:
			unread.length === 0
				? null
				: `${unread.slice(0, maxPacks).map(nameText).join(", ")}${unread.length > maxPacks ? ` and ${unread.length - maxPacks} more` : ""}`,
	};
}

const maxPacks = 200;
const maxDenied = 200;
const methodMeanings = {
	examine: "Records, policies and documents that the entity keeps",
	interview: "What named people stated",
	test: "Settings, answers and handshakes that the machine saw",
} as const;

const standingText = {
	default: "As delivered",
	stricter: "Stricter than delivered",
	looser: "Looser than delivered: cannot give a pass",
	declared: "Declared scope",
} as const;

function vantage({ document }: ReportModel): Fact[] {
	const facts = Object.entries(document.run.vantage).map(([name, value]) => ({ name: `Vantage: ${name}`, value: shown(value) ?? "unknown" }));
	return facts.length > 0 ? facts : [{ name: "Vantage point", value: "One: the machine of the scan. Its public address was not recorded" }];
}

function network(settings: ReportModel["document"]["run"]["network"]): Fact[] {
	if (settings === undefined) return [{ name: "Network settings", value: "Not recorded by the version that looked" }];
	const times = Object.entries(settings.timeoutMs).map(([name, value]) => `${name} ${value} ms`);
	return [
		{ name: "Resolvers", value: settings.resolvers.length === 0 ? "Those of the machine" : settings.resolvers.join(", ") },
		{ name: "Limits", value: `Time-outs: ${times.join(", ")}; wait after a 4xx: ${settings.retryWaitMs} ms, at most two retries` },
		{
			name: "TLS probing",
			value: `Profile ${settings.tlsProfile}, depth ${settings.tlsDepth}. It tells what a server offered to this vantage at this time, not what it does with others`,
		},
		{ name: "Active tests", value: settings.activeTests === null ? "None: no permission was given" : `Permitted by ${settings.activeTests}` },
		...(settings.mapped === 0
			? []
			: [
					{
						name: "Mapped addresses",
						value: `${count(settings.mapped, "address", "addresses")} led elsewhere by network.connect${settings.connectOnly ? "; nothing else was contacted" : ""}`,
					},
				]),
	];
}

export function assessorsView({ registers }: Context): View {
	const engagements = registers.known.engagements ?? [];
	return {
		none: engagements.length === 0,
		engagements: engagements.map((entry) => ({
			id: entry.id,
			period: periodOf(entry.period),
			assessors: objectsOf(entry.assessors).map((person) => ({
				name: textOf(person.name) ?? "not named",
				role: textOf(person.role) ?? "not stated",
				qualification: textOf(person.qualification) ?? "not stated",
				relationship: relationshipLabels[textOf(person.relationship) ?? ""] ?? "not stated",
			})),
		})),
	};
}

/** A period as a record has it: "2026-01-01 to 2026-12-31". */
export function periodOf(value: unknown): string {
	const { from, to } = (typeof value === "object" && value !== null ? value : {}) as { from?: unknown; to?: unknown };
	return `${textOf(from) ?? "no start"} to ${textOf(to) ?? "no end"}`;
}

/** Per test: what there was, what was judged; and the samples that people drew. */
export function populationView(context: Context): View {
	const { model } = context;
	const judged = new Map<string, { title: string; resources: Set<string>; failed: number; open: number }>();
	for (const item of model.results) {
		const entry = judged.get(item.check) ?? { title: item.title, resources: new Set<string>(), failed: 0, open: 0 };
		if (item.status === "pass" || item.status === "fail") entry.resources.add(`${item.target}\n${item.resource}`);
		if (item.status === "fail") entry.failed += 1;
		if (item.status === "not_assessed") entry.open += 1;
		judged.set(item.check, entry);
	}
	const populations = (model.document.populations ?? []).filter((one) => judged.has(one.check));
	return {
		recorded: model.document.populations !== undefined,
		rows: populations.map((one) => {
			const entry = judged.get(one.check);
			return {
				check: one.check,
				title: entry?.title ?? one.check,
				kind: one.kind,
				listed: one.unread === 0 ? String(one.listed) : one.unread === one.targets ? "not known" : `${one.listed} or more`,
				judged: entry?.resources.size ?? 0,
				failed: entry?.failed ?? 0,
				open: entry?.open ?? 0,
			};
		}),
		samples: (context.registers.known.attestations ?? []).flatMap((entry) => sampleOf(entry) ?? []),
		unreadMeaning: reasonCodes.not_collected.meaning,
	};
}

function sampleOf(entry: { id: string; [name: string]: unknown }): View | undefined {
	const { population, sample } = entry as { population?: Record<string, unknown>; sample?: Record<string, unknown> };
	if (typeof sample !== "object" || sample === null) return undefined;
	const size = (value: unknown): string => (typeof value === "number" ? String(value) : "not stated");
	const ids = Array.isArray(sample.ids) ? sample.ids.filter((id) => typeof id === "string") : [];
	return {
		id: entry.id,
		controls: Array.isArray(entry.controls) ? entry.controls.filter((id) => typeof id === "string").join(", ") : "",
		source: textOf(population?.source) ?? "not stated",
		query: textOf(population?.query),
		size: size(population?.size),
		hash: textOf(population?.sha256),
		method: statusLabels[textOf(sample.method) ?? ""] ?? textOf(sample.method) ?? "not stated",
		seed: textOf(sample.seed),
		taken: size(sample.size),
		ids: ids.slice(0, 50).join(", "),
		chosen: [textOf(sample.chosenBy), textOf(sample.reason)].filter((part) => part !== null).join(": "),
		exceptions: size(sample.exceptions),
		extrapolation: textOf(sample.extrapolation) ?? "nothing is said of the rest of the population",
		by: personOf(entry.performedBy) ?? "not named",
	};
}
