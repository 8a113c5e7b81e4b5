import type { RegisterEntry } from "../../model/registers.ts";
import type { ResultItem } from "../../model/result.ts";
import { objectsOf, textOf } from "../internal/entries.ts";
import type { ReportModel } from "../internal/report-model.ts";
import { count, cut, nameText, shown, utc } from "../internal/text.ts";
import type { Theme } from "../theme/theme.ts";
import { isSummarized } from "./limits.ts";
import { badge, type Context, rowAnchor, timeView } from "./rows.ts";
import { Href, prose, type View } from "./view.ts";
import { dispositionNotes } from "./words.ts";

export function exceptionsView(context: Context): View {
	const { results, controls } = context.model.document;
	const { waivers, attestations } = context.registers.known;
	const waived: ResultItem[] = [];
	const attested: ResultItem[] = [];
	for (const item of results) {
		if (item.waiver !== null || item.disposition.startsWith("waive")) waived.push(item);
		if (item.attestation !== null || item.disposition.startsWith("attest")) attested.push(item);
	}
	const uses = (of: readonly ResultItem[], named: (item: ResultItem) => string | null, id: string): string => {
		const n = of.filter((item) => named(item) === id).length;
		return n === 0 ? "used by no result" : count(n, "result");
	};
	return {
		waivers: entriesOf(waivers, ({ id, expiresOn }) => [
			{ name: "speaks of", value: uses(waived, (item) => item.waiver, id) },
			{ name: "days left", value: daysLeft(context.model.document.run.asOf, expiresOn) },
		]),
		attestations: entriesOf(attestations, ({ id, validUntil }) => [
			{ name: "speaks of", value: uses(attested, (item) => item.attestation, id) },
			{ name: "days left", value: daysLeft(context.model.document.run.asOf, validUntil) },
		]),
		waived: decisionsView(waived, (item) => item.waiver, context),
		attested: decisionsView(attested, (item) => item.attestation, context),
		controls: controls
			.filter((control) => control.attestation !== null)
			.map((control) => ({
				href: Href.fragment(context.model.controlAnchors.get(control.id) ?? "controls"),
				id: control.id,
				title: control.title,
				attestation: control.attestation,
				badge: badge(control.state),
			})),
	};
}

/** Days from the run's day to a date, both in UTC; the last day counts. */
function daysLeft(asOf: string, until: unknown): string {
	const days =
		typeof until === "string" ? Math.floor((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${asOf.slice(0, 10)}T00:00:00Z`)) / 86_400_000) + 1 : Number.NaN;
	if (Number.isNaN(days)) return "not known";
	return days > 0 ? String(days) : "none: the date has passed";
}

function decisionsView(items: readonly ResultItem[], named: (item: ResultItem) => string | null, context: Context): View {
	const inline = isSummarized(context.model.document.results.length, context.limits) ? items.slice(0, context.limits.findingRows) : items;
	const rowsAreThere = !isSummarized(context.model.document.results.length, context.limits);
	return {
		none: items.length === 0,
		rows: inline.map((item) => ({
			decision: named(item) ?? "not named",
			standing: dispositionNotes[item.disposition] ?? "no effect",
			resource: nameText(item.resource),
			href: rowsAreThere ? Href.fragment(rowAnchor(item)) : null,
			title: item.title,
			check: item.check,
			// The machine's own word, beside what people decided.
			raw: badge(item.status),
			badge: badge(item.state),
		})),
		left: items.length === inline.length ? null : count(items.length - inline.length, "further result"),
	};
}

const maxEntries = 500;
const maxFields = 60;

/** Records in a list, each with all its fields and first of all what this report says of it. */
function entriesOf(list: readonly RegisterEntry[] | undefined, more: (entry: RegisterEntry) => { name: string; value: string }[]): View[] {
	return (list ?? [])
		.slice(0, maxEntries)
		.map((entry) => ({ id: entry.id, fields: [...more(entry), ...fieldsOf(entry).filter((field) => field.name !== "id")] }));
}

/** A value as name and text, nested names joined; at most maxFields of them, the rest counted. */
export function fieldsOf(value: unknown): { name: string; value: string }[] {
	const fields: { name: string; value: string }[] = [];
	let left = 0;
	const walk = (part: unknown, name: string, depth: number): void => {
		if (part !== null && typeof part === "object" && depth < 4) {
			const simple = Array.isArray(part) && part.every((item) => item === null || typeof item !== "object");
			if (!simple) {
				for (const [key, item] of Object.entries(part)) walk(item, name === "" ? words(key) : `${name}, ${words(key)}`, depth + 1);
				return;
			}
		}
		const text = Array.isArray(part) && depth < 4 ? part.map((item) => shown(item) ?? "none").join(", ") : shown(part);
		if (text === null || text === "") return;
		if (fields.length < maxFields) fields.push({ name: name === "" ? "value" : name, value: isChoice(name, text) ? words(text) : cut(text, 600) });
		else left += 1;
	};
	walk(value, "", 0);
	if (left > 0) fields.push({ name: "more", value: `${left} further values stand in result.json` });
	return fields;
}

/** One of a record's fixed choices, such as addressable_alternative, which reads as words. */
function isChoice(name: string, text: string): boolean {
	return /(?:^|, )(?:kind|outcome|status|relationship)$/.test(name) && /^[a-z]+(?:_[a-z]+)+$/.test(text);
}

/** approvedBy -> approved by */
export function words(key: string): string {
	return key
		.replace(/([a-z0-9])([A-Z])/g, "$1 $2")
		.replace(/[_-]+/g, " ")
		.toLowerCase();
}

export function evidenceView(context: Context): { kinds: View[]; total: string; left: View } {
	const { evidence } = context.model;
	const kinds = new Map<string, { ok: number; absent: number; error: number }>();
	for (const item of evidence) {
		const counts = kinds.get(item.kind) ?? { ok: 0, absent: 0, error: 0 };
		counts[item.status] += 1;
		kinds.set(item.kind, counts);
	}
	const left = evidence.length - Math.min(evidence.length, context.limits.evidenceRows);
	return {
		total: count(evidence.length, "piece"),
		kinds: [...kinds].map(([kind, counts]) => ({ kind, ...counts, total: counts.ok + counts.absent + counts.error })),
		left: left === 0 ? null : count(left, "further piece"),
	};
}

/** Lines of the evidence index, in slices, so that the file can be written as it is made. */
export function* evidenceRows(context: Context): Iterable<View> {
	const { evidence } = context.model;
	const end = Math.min(evidence.length, context.limits.evidenceRows);
	for (let start = 0; start < end; start += 200) {
		yield {
			rows: evidence.slice(start, Math.min(start + 200, end)).map((item, index) => ({
				anchor: `e${start + index + 1}`,
				number: start + index + 1,
				sha256: item.sha256,
				kind: item.kind,
				id: nameText(item.id),
				status: item.status,
				call: item.call,
				collected: timeView(item.collectedAt),
			})),
		};
	}
}

export function integrityView(context: Context, theme: Theme): View {
	const { run, schema } = context.model.document;
	const { baseline } = run;
	return {
		facts: [
			{ name: "Evidence manifest", value: theme.evidenceManifestSha256 ?? "not given to this report" },
			{ name: "Policy set", value: run.policySha256 },
			{ name: "Configuration", value: run.configSha256 },
			{ name: "Bundle before (manifest.json)", value: theme.previousManifestSha256 ?? "none" },
			{
				name: "Earlier scan (result.json)",
				value:
					baseline === undefined
						? "none named"
						: `${baseline.sha256}, of ${utc(baseline.asOf)}; ${baseline.verified ? "its bundle was verified" : "not verified"}`,
			},
			{ name: "Keep at least until", value: keepUntil(run.asOf) },
		],
		document: schema,
		custody: (context.registers.known.engagements ?? []).flatMap((entry) =>
			objectsOf(entry.custody).map((step) => ({
				step: textOf(step.step) ?? "not named",
				who: textOf(step.who) ?? "not named",
				when: timeView(textOf(step.when) ?? "no time"),
				how: [textOf(step.how), textOf(step.from) === null ? null : `from ${textOf(step.from)}`, textOf(step.to) === null ? null : `to ${textOf(step.to)}`]
					.filter((part) => part !== null)
					.join(", "),
				before: textOf(step.sha256Before) ?? "not recorded",
				after: textOf(step.sha256After) ?? "not recorded",
			})),
		),
	};
}

/** The day six years on in UTC, and why; a 29 February is taken to 1 March. */
function keepUntil(time: string): string {
	const day = new Date(time);
	if (Number.isNaN(day.getTime())) return "not known: the run bears no time";
	day.setUTCFullYear(day.getUTCFullYear() + 6);
	return `${day.toISOString().slice(0, 10)}: six years from the day it was created (45 CFR 164.316(b)(2)(i))`;
}

export function glossaryView(model: ReportModel): View {
	const { document } = model;
	const byStatus = new Map<string, number>();
	for (const control of document.controls) byStatus.set(control.ruleStatus, (byStatus.get(control.ruleStatus) ?? 0) + 1);
	return {
		terms,
		versions: [
			{ name: "Profile", value: document.run.profile },
			{ name: "Rules as of", value: document.run.rulesAsOf ?? "not recorded by the version that judged" },
			{ name: "Controls in force", value: byStatus.get("in-force") ?? 0 },
			{ name: "Controls proposed", value: byStatus.get("proposed") ?? 0 },
			{ name: "Controls withdrawn", value: byStatus.get("withdrawn") ?? 0 },
			{ name: "Result document", value: document.schema },
		],
	};
}

export function footerView(theme: Theme, tool: string): View {
	return { footerText: theme.footerText === null ? [] : prose(theme.footerText), tool };
}

const terms = [
	{
		term: "Addressable",
		meaning:
			"A specification that must be assessed and then implemented, or met by an equivalent measure with the reasons on record. It is not optional (45 CFR 164.306(d)(3)).",
	},
	{ term: "Attestation", meaning: "A named person's dated statement, with evidence, about a control that a machine cannot judge." },
	{ term: "Business associate agreement (BAA)", meaning: "The contract that binds a vendor who handles protected health information for a covered entity." },
	{ term: "Check", meaning: "One rule that the tool applies to every resource of a kind." },
	{ term: "Control", meaning: "One requirement of the catalogue, with its citation. Several checks may speak for it." },
	{ term: "DANE", meaning: "Keys of a mail server published in signed DNS (RFC 7672), so that a sender can insist on encryption." },
	{ term: "DKIM", meaning: "A signature on each message, verified by a key in DNS (RFC 6376)." },
	{ term: "DMARC", meaning: "A domain's published wish for mail that fails SPF and DKIM." },
	{ term: "ePHI", meaning: "Electronic protected health information (45 CFR 160.103)." },
	{ term: "Evidence", meaning: "What was seen, kept word for word: one line per answer, named by its SHA-256." },
	{ term: "Finding", meaning: "One cause, found by one check on one or many resources." },
	{ term: "MTA-STS", meaning: "A policy by which a domain asks senders to deliver over verified TLS only (RFC 8461)." },
	{ term: "Result", meaning: "What one check says about one resource." },
	{ term: "SPF", meaning: "The list of servers that may send for a domain (RFC 7208)." },
	{ term: "STARTTLS", meaning: "The command that turns a mail connection into an encrypted one (RFC 3207)." },
	{ term: "TLS", meaning: "Encryption in transit." },
	{
		term: "Waiver",
		meaning: "A documented, approved and dated decision to meet a duty in another way. It turns a failure into an exception and hides nothing.",
	},
] as const;
