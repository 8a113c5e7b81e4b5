import { type Evidence, type EvidenceError, listingId } from "../../model/evidence.ts";
import type { CollectContext } from "../collectors/collector.ts";
import type { RecordedSettings } from "./aggregator.ts";
import { errorName, errorOfCall, MalformedAnswer } from "./errors.ts";
import type { Operation } from "./operation.ts";
import type { AwsSession } from "./session.ts";
import type { Absence, AnyTable, Detail, DetailOperations, Listing, Made, Place, Table } from "./table.ts";

interface Reading {
	session: AwsSession;
	place: Place;
	/** What an aggregator of AWS Config may stand in with. */
	recorded?: RecordedSettings | undefined;
	context: CollectContext;
	collector: string;
	target: string;
}

type AnyDetail = Detail<unknown, unknown, Operation<unknown, unknown>>;

/**
 * The pages of a call; null: AWS says positively that there is none, or there was nothing to ask (`silent`); else why there is no answer.
 * `captured` where a row of AWS Config stands in for the call: the action that told it, and since when it is known.
 */
type Answer = { pages: unknown[] | null; silent?: true; captured?: { action: string; at: string } } | { error: EvidenceError };

/** Reads a table whole. Whatever fails becomes an item in status "error" under the resource it concerns, or the listing's error. */
export async function readTable(any: AnyTable, reading: Reading): Promise<Evidence[]> {
	const { table } = any;
	const { context, place } = reading;
	const kinds = any.kinds.filter((kind) => context.wants?.(kind) !== false);
	if (kinds.length === 0 || (table.ofAccount === true && !place.first)) return [];
	const listed = await listAll(table.list, reading);
	const needed = new Set(kinds.flatMap((kind) => table.kinds[kind]?.of ?? []));
	const perResource = await Promise.all(
		listed.resources.filter((one) => table.keep?.(one, place) !== false).map((one) => readResource(table, kinds, needed, one, reading)),
	);
	const items = perResource.flat();
	return [...items, ...kinds.map((kind) => listing(kind, items, listed.error, table.list.operation, reading))];
}

async function listAll(list: Listing<unknown>, reading: Reading): Promise<{ resources: unknown[]; error?: EvidenceError }> {
	const parents = list.parent === undefined ? { resources: [undefined] } : await listAll(list.parent, reading);
	const lists = await Promise.all(parents.resources.map((parent) => listOne(list, parent, reading)));
	const error = parents.error ?? lists.find((one) => one.error !== undefined)?.error;
	const resources = lists.flatMap((one) => one.resources);
	return error === undefined ? { resources } : { resources, error };
}

async function listOne(list: Listing<unknown>, parent: unknown, reading: Reading): Promise<{ resources: unknown[]; error?: EvidenceError }> {
	const resources: unknown[] = [];
	try {
		for await (const page of reading.session.pages(list.operation, list.input(parent), reading.place.region))
			for (const one of list.items(page, parent)) resources.push(one);
		return { resources };
	} catch (error) {
		if (saysAbsent(list.absent, error)) return { resources };
		return { resources, error: errorOfCall(error, list.operation.action) };
	}
}

function saysAbsent(absences: readonly Absence[] | undefined, error: unknown): boolean {
	const name = errorName(error);
	return (absences ?? []).some((one) =>
		typeof one === "string" ? one === name : one.name === name && error instanceof Error && one.message.test(error.message),
	);
}

async function readResource(
	table: Table<unknown, unknown, DetailOperations>,
	kinds: readonly string[],
	needed: ReadonlySet<string>,
	one: unknown,
	reading: Reading,
): Promise<Evidence[]> {
	const id = table.id(one);
	const calls = [table.list.operation.action];
	let described: unknown;
	if (table.describe !== undefined) {
		const { operation, input } = table.describe as unknown as AnyDetail;
		calls.push(operation.action);
		const answer = await ask({ operation, input: () => input(one, undefined) }, one, undefined, reading);
		if ("error" in answer) return kinds.map((kind) => failed(kind, id, answer.error, calls, reading));
		described = answer.pages?.[0];
		if (table.describedKeep?.(described) === false) return [];
	}
	const details = Object.entries((table.details ?? {}) as Record<string, AnyDetail>).filter(([key]) => needed.has(key));
	const answers = new Map(
		await Promise.all(
			details.map(async ([key, detail]) => [key, (await recall(detail, one, reading)) ?? (await ask(detail, one, described, reading))] as const),
		),
	);
	return kinds.flatMap((kind) => {
		const { of = [], map } = table.kinds[kind] as (typeof table.kinds)[string];
		const made = details.filter(([key]) => of.includes(key));
		const asked = [...calls, ...made.flatMap(([key, detail]) => actionOf(detail, answers.get(key)))];
		const since = made.flatMap(([key]) => captureOf(answers.get(key))).sort()[0];
		const given: Record<string, unknown> = { described };
		for (const key of of) {
			const answer = answers.get(key);
			if (answer === undefined) throw new Error(`${kind} is made of ${key}, which its table does not ask`);
			if ("error" in answer) return [failed(kind, id, answer.error, asked, reading)];
			given[key] = answer.pages;
		}
		try {
			return madeOf(map(one, given as never, reading.place)).map((item) => seen(kind, item, asked, reading, since));
		} catch (error) {
			// The answer is not of the shape that AWS documents: what it says of this resource cannot be told.
			const action = asked.at(-1) ?? table.list.operation.action;
			reading.context.log.debug("an answer could not be read", { kind, action, error: String(error) });
			return [failed(kind, id, errorOfCall(new MalformedAnswer("not of the documented shape"), action), asked, reading)];
		}
	});
}

/** An item names the calls that it rests on, and no call that was not made. */
function actionOf(detail: AnyDetail, answer: Answer | undefined): string[] {
	if (answer === undefined || "silent" in answer) return [];
	return ["captured" in answer ? answer.captured.action : detail.operation.action];
}

function captureOf(answer: Answer | undefined): string[] {
	return answer !== undefined && "captured" in answer ? [answer.captured.at] : [];
}

function madeOf(made: Made | readonly Made[] | undefined): readonly Made[] {
	if (made === undefined) return [];
	return Array.isArray(made) ? made : [made as Made];
}

/** What AWS Config recorded in place of the call, where it says it in full and for this Region; undefined: the call is made. */
async function recall({ recorded: as, region }: AnyDetail, one: unknown, { recorded, place }: Reading): Promise<Answer | undefined> {
	if (as === undefined || recorded === undefined || (region?.(one) ?? place.region) !== place.region) return undefined;
	const id = as.id(one);
	const row = id === undefined ? undefined : await recorded.row(as.type, id);
	const answer = row && as.answer(row.properties);
	if (row === undefined || answer === undefined) return undefined;
	recorded.stoodIn();
	return { pages: [answer], captured: { action: recorded.action, at: row.capturedAt } };
}

async function ask(detail: AnyDetail, one: unknown, described: unknown, reading: Reading): Promise<Answer> {
	const input = detail.input(one, described);
	if (input === undefined) return { pages: null, silent: true };
	const region = detail.region?.(one) ?? reading.place.region;
	try {
		const pages: unknown[] = [];
		for await (const page of reading.session.pages(detail.operation, input, region)) pages.push(page);
		return { pages };
	} catch (error) {
		if (saysAbsent(detail.absent, error)) return { pages: null };
		return { error: errorOfCall(error, detail.operation.action) };
	}
}

function seen(kind: string, made: Made, calls: readonly string[], reading: Reading, since: string | undefined): Evidence {
	const item: Evidence = { kind, id: made.id.toWellFormed(), status: "absent", ...from([...new Set(calls)], reading) };
	// What was recorded earlier is evidence of then.
	if (since !== undefined) item.collectedAt = since;
	if (made.values === undefined) return item;
	const ok: Evidence = { ...item, status: "ok", values: tidy(made.values) };
	if (made.onlyInPlan === undefined) return ok;
	const gaps = Object.fromEntries(made.onlyInPlan.map((path) => [path, { code: "only_in_plan", detail: path } as const]));
	return { ...ok, unknown: [...made.onlyInPlan], gaps };
}

function failed(kind: string, id: string, error: EvidenceError, calls: readonly string[], reading: Reading): Evidence {
	return { kind, id: id.toWellFormed(), status: "error", error, ...from(calls, reading) };
}

function listing(
	kind: string,
	items: readonly Evidence[],
	error: EvidenceError | undefined,
	operation: Operation<unknown, unknown>,
	reading: Reading,
): Evidence {
	const count = items.filter((item) => item.kind === kind).length;
	const values = { kind, target: reading.target, count, complete: error === undefined };
	const item = { kind: "listing", id: listingId(kind, reading.target), values, ...from([operation.action], reading) };
	return error === undefined ? { ...item, status: "ok" } : { ...item, status: "error", error };
}

export function from(calls: readonly string[], { collector, target, place, context }: Reading): Pick<Evidence, "source" | "collectedAt"> {
	return {
		source: { collector, version: "1", call: calls.join(", "), target, account: place.account, region: place.region },
		collectedAt: context.now(),
	};
}

/** Without what is not set, in the forms JSON has: null, "" and undefined are absent, a Date is RFC 3339. */
function tidy(value: unknown): unknown {
	if (typeof value === "string") return value.toWellFormed();
	if (value instanceof Date) return value.toISOString();
	if (Array.isArray(value)) return value.map(tidy);
	if (typeof value !== "object" || value === null) return value;
	const kept: Record<string, unknown> = {};
	for (const [key, inner] of Object.entries(value)) if (inner !== undefined && inner !== null && inner !== "") kept[key.toWellFormed()] = tidy(inner);
	return kept;
}
