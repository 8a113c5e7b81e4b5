import { type Evidence, listingId, type Target } from "../../../model/evidence.ts";
import { recordKinds } from "../../../model/records/index.ts";
import { InputError } from "../../../model/source.ts";
import type { CollectContext, Collector } from "../collector.ts";
import { type LoadedRecords, loadRecords } from "./load.ts";

export { type LoadedRecords, type LoadOptions, loadRecords, type RecordItem, type RecordValues } from "./load.ts";

const version = "1";

/** Every kind of record, and what logs say of themselves. */
const itemKinds = [...recordKinds.map((kind) => kind.kind), "statement"];

/**
 * Administrative records. The target is the folder as the user gave it. Wrong records stop the run before anything is
 * yielded: they are the user's input, not the outside world, and nothing is judged on a half-read register.
 */
const records: Collector = {
	id: "records",
	target: "records",
	produces: itemKinds.map(evidenceKind),
	iamActions: [],
	touches: (target) => [`files below ${target.id}`],
	collect,
};

export default records;

async function load(target: Target, context: CollectContext): Promise<LoadedRecords | undefined> {
	try {
		return await loadRecords(context.path, { label: target.id, signal: context.signal });
	} catch (error) {
		if (context.signal.aborted) return undefined;
		throw error;
	}
}

function evidenceKind(kind: string): string {
	return `record.${kind}`;
}

/** Throws InputError with all problems. */
async function* collect(target: Target, context: CollectContext): AsyncIterable<Evidence> {
	const loaded = await load(target, context);
	// Stopped: nothing was listed, and the caller says so for each kind.
	if (loaded === undefined) return;
	const { items, problems } = loaded;
	if (problems.length > 0) throw new InputError(problems);
	yield* recordEvidence(items, target.id, context.now());
}

/** One item for each record, and a listing for each kind: the register was read whole. */
export function* recordEvidence(items: LoadedRecords["items"], target: string, collectedAt: string): Generator<Evidence> {
	for (const kind of itemKinds) {
		const own = items.filter((item) => item.kind === kind);
		const name = evidenceKind(kind);
		for (const { id, values } of own) {
			yield { kind: name, id, status: "ok", values, source: { collector: "records", version, call: `read ${values.file.path}`, target }, collectedAt };
		}
		yield {
			kind: "listing",
			id: listingId(name, target),
			status: "ok",
			values: { kind: name, target, count: own.length, complete: true },
			source: { collector: "records", version, call: `list ${name}`, target },
			collectedAt,
		};
	}
}
