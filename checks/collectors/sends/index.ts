import { type Evidence, type EvidenceError, type Gap, listingId, type Target } from "../../../model/evidence.ts";
import { InputError } from "../../../model/source.ts";
import { type Authorizations, type CampaignFacts, campaignFacts, dayIn, OptOuts, Reconciliation, subjectOfAddress } from "../../protocols/reconcile/index.ts";
import type { CollectContext, Collector } from "../collector.ts";
import { type FolderFile, listFolder } from "../folder-files.ts";
import { type LoadedRecords, loadRecords } from "../records/load.ts";
import type { TableRead } from "./authorization-table.ts";
import { readLines } from "./read-lines.ts";
import { SendReader } from "./read-send.ts";
import type { CampaignSends, SendsExport } from "./schema.ts";
import { readSigned } from "./signed.ts";

const campaignKind = "sends.campaign";
const exportKind = "sends.export";

/**
 * Who was sent what, against who had signed, revoked and opted out, on the day of each send. It has to be joined while it is read: a
 * recipient never becomes evidence, so that the counts of a campaign are the raw fact that is kept.
 */
const sends: Collector = {
	id: "sends",
	target: "records",
	produces: [campaignKind, exportKind],
	iamActions: [],
	touches: (_target, { config }) => config.sends.paths.map((path) => `files at ${path}`),
	collect,
};

export default sends;

async function* collect(target: Target, context: CollectContext): AsyncIterable<Evidence> {
	const given = context.sends;
	if (given === undefined || given.files.length === 0) {
		const error: EvidenceError = { code: "input_not_supplied", detail: "--sends", message: "no export of sends was given" };
		for (const kind of [campaignKind, exportKind]) yield listing(target, context, kind, 0, error);
		return;
	}
	// A run that is stopped lists nothing; the caller says so.
	const world = await unlessStopped(context, () => openWorld(target, context));
	if (world === undefined) return;
	const { files, fault } = await exportFiles(given.files);
	const read = new Map<string, { values: SendsExport } | { error: EvidenceError }>();
	for (const file of files) {
		const outcome = await unlessStopped(context, () => readExport(file, world, context));
		if (outcome === undefined) return;
		read.set(file.label, outcome);
		const own = { kind: exportKind, id: file.label, source: sourceOf(target, `read ${file.label}`), collectedAt: context.now() };
		yield "values" in outcome ? { ...own, status: "ok", values: outcome.values } : { ...own, status: "error", error: outcome.error };
	}
	const seen = [...read.values()];
	const totals = seen.flatMap((one) => ("values" in one ? [one.values] : []));
	const wrong = fault ?? seen.flatMap((one) => ("error" in one ? [one.error] : []))[0] ?? silent(totals);
	let count = 0;
	for (const item of campaignItems(world, target, context, wrong, read)) {
		count += 1;
		yield item;
	}
	yield listing(target, context, campaignKind, count, undefined);
	yield listing(target, context, exportKind, files.length, fault);
}

async function unlessStopped<T>(context: CollectContext, work: () => Promise<T>): Promise<T | undefined> {
	try {
		return await work();
	} catch (error) {
		if (context.signal.aborted) return undefined;
		throw error;
	}
}

/** Events, but none of a send: the export was made of other types of event, and its silence says nothing. */
function silent(totals: readonly SendsExport[]): EvidenceError | undefined {
	return totals.some((one) => one.otherEvents > 0) && totals.every((one) => one.sends === 0)
		? { code: "input_not_supplied", detail: "events of type Send", message: "the export holds events of other types only" }
		: undefined;
}

async function exportFiles(given: NonNullable<CollectContext["sends"]>["files"]): Promise<{ files: FolderFile[]; fault: EvidenceError | undefined }> {
	const files: FolderFile[] = [];
	let fault: EvidenceError | undefined;
	for (const { label, path } of given) {
		const listed = await listFolder(path, label, "the sends");
		files.push(...listed.files);
		fault ??= listed.fault;
	}
	return { files, fault };
}

interface World {
	records: LoadedRecords;
	campaigns: Map<string, CampaignFacts>;
	authorizations: Authorizations;
	tables: TableRead[];
	reconciliation: Reconciliation;
	seed: string;
}

async function openWorld(target: Target, context: CollectContext): Promise<World> {
	const records = await loadRecords(context.path, { label: target.id, signal: context.signal });
	const rows = (kind: string) => records.items.filter((item) => item.kind === kind);
	const agreements = rows("baa").map(({ values }) => values);
	const campaigns = new Map(rows("campaign").map(({ id, values }) => [id, campaignFacts(values, agreements)]));
	const { authorizations, tables, problems } = await readSigned(records, context.path, { label: target.id, signal: context.signal });
	if (problems.length > 0) throw new InputError(problems);
	const dayOf = dayIn(context.config.entity.timeZone);
	const optOuts = new OptOuts(dayOf);
	for (const { values } of rows("opt-out")) optOuts.add(values);
	const { size, seed = context.now() } = context.config.sends.sample;
	const reconciliation = new Reconciliation({ campaigns, authorizations, optOuts, dayOf, sample: { size, seed } });
	return { records, campaigns, authorizations, tables, reconciliation, seed };
}

async function readExport(file: FolderFile, world: World, context: CollectContext): Promise<{ values: SendsExport } | { error: EvidenceError }> {
	const key = context.sends?.subjectKey;
	const reader = new SendReader(key === undefined ? undefined : (address) => subjectOfAddress(key, address));
	const values: SendsExport = { lines: 0, sends: 0, otherEvents: 0, withoutCampaign: 0, unknownCampaign: 0, sha256: "" };
	let firstWrong: number | undefined;
	const take = (line: string, number: number): void => {
		values.lines += 1;
		const outcome = reader.read(line);
		if (outcome === "other") values.otherEvents += 1;
		else if (outcome === "malformed") firstWrong ??= number;
		else {
			for (const { campaign, subject, ms } of outcome) {
				values.sends += 1;
				if (campaign === null) values.withoutCampaign += 1;
				else if (!world.reconciliation.add(campaign, subject, ms)) values.unknownCampaign += 1;
			}
		}
	};
	const skipped = (number: number): void => {
		firstWrong ??= number;
	};
	const { sha256, error } = await readLines(file.path, { signal: context.signal, take, skipped });
	if (error !== undefined) return { error: { ...error, detail: file.label } };
	if (firstWrong !== undefined) {
		const message = "a line is neither an SES event, a header of recipients nor a recipient";
		return { error: { code: "malformed", detail: `${file.label}:${firstWrong}`, message } };
	}
	return { values: { ...values, sha256: sha256 ?? "" } };
}

function* campaignItems(
	world: World,
	target: Target,
	context: CollectContext,
	wrong: EvidenceError | undefined,
	read: ReadonlyMap<string, { values: SendsExport } | { error: EvidenceError }>,
): Generator<Evidence> {
	const reconciled = world.reconciliation.result();
	const exports = [...read].flatMap(([file, one]) => ("values" in one ? [{ file, sha256: one.values.sha256 }] : []));
	const classOf = new Map(world.records.items.filter((item) => item.kind === "campaign").map((item) => [item.id, String(item.values.class)]));
	for (const [campaign, facts] of world.campaigns) {
		const own = { kind: campaignKind, id: campaign, source: sourceOf(target, `reconcile ${campaign}`), collectedAt: context.now() };
		const seen = reconciled.get(campaign);
		if (seen === undefined) {
			// One that was never sent has nothing to be reconciled; one that says so and shows no send was not exported.
			const error = wrong ?? (facts.lastSentOn === null ? undefined : notExported(campaign));
			if (error !== undefined) yield { ...own, status: "error", error };
			continue;
		}
		const values: CampaignSends = {
			campaign,
			class: classOf.get(campaign) ?? "",
			commercial: facts.commercial,
			needsAuthorization: facts.needsAuthorization,
			sends: seen.sends,
			sendDays: seen.sendDays,
			firstSentAt: new Date(seen.firstMs).toISOString(),
			lastSentAt: new Date(seen.lastMs).toISOString(),
			authorization: seen.outcomes,
			flags: seen.flags,
			samples: seen.samples,
			seed: world.seed,
			complete: wrong === undefined,
			exports,
			authorizationTables: world.tables.map(({ file, sha256 }) => ({ file, sha256 })),
			authorizations: world.authorizations.size,
		};
		yield { ...own, status: "ok", values, gaps: gapsOf(values, facts, wrong) };
	}
}

function notExported(campaign: string): EvidenceError {
	return {
		code: "input_not_supplied",
		detail: `sends of ${campaign}`,
		message: "the record says that the campaign was sent, and the exports hold no send of it",
	};
}

function gapsOf(values: CampaignSends, { sender, sponsor }: CampaignFacts, wrong: EvidenceError | undefined): Record<string, Gap> {
	const gaps: Record<string, Gap> = {};
	if (wrong !== undefined) gaps.complete = wrong.detail === undefined ? { code: wrong.code } : { code: wrong.code, detail: wrong.detail };
	if (values.needsAuthorization === null) gaps.needsAuthorization = { code: "record_incomplete", detail: "remuneration" };
	if (values.authorization.unjoined > 0) gaps["authorization.unjoined"] = { code: "no_join_key", detail: `${values.authorization.unjoined} sends` };
	if (values.authorization.sender_open > 0)
		gaps["authorization.sender_open"] =
			sender === null
				? { code: "record_incomplete", detail: `sender of ${values.campaign}` }
				: sponsor?.receivesData === null
					? { code: "record_incomplete", detail: `remuneration.receivesData of ${values.campaign}` }
					: { code: "manual", detail: "whether the sender, or who pays and receives data, is of a class that the authorizations name" };
	if (values.authorization.unproven > 0) gaps["authorization.unproven"] = { code: "record_incomplete", detail: "evidenceSha256" };
	// Whether the entity had acted in reliance is for a person to judge: 45 CFR 164.508(b)(5)(i).
	if (values.authorization.relied > 0) gaps["authorization.relied"] = { code: "manual", detail: "relianceNote" };
	return gaps;
}

function listing(target: Target, context: CollectContext, kind: string, count: number, error: EvidenceError | undefined): Evidence {
	const base = { kind: "listing", id: listingId(kind, target.id), source: sourceOf(target, `list ${kind}`), collectedAt: context.now() };
	return error === undefined ? { ...base, status: "ok", values: { kind, target: target.id, count, complete: true } } : { ...base, status: "error", error };
}

function sourceOf(target: Target, call: string): Evidence["source"] {
	return { collector: "sends", version: "1", call, target: target.id };
}
