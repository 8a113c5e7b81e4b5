import type { Evidence, Gap } from "../../../model/evidence.ts";
import { daysBetween } from "../../../model/records/index.ts";
import { type Derivation, type DerivationView, type DerivedItem, errorOf } from "../derivation.ts";

/** What a rule may look at beside the record itself. */
export interface Beside<T> {
	/** The entity's calendar day. */
	today: string;
	/** Every readable record of the kind. */
	rows: readonly T[];
	/** Readable records of another kind that the register `uses`. */
	others(kind: string): readonly unknown[];
}

/** How the records of one kind are judged: facts alone, in words; which of them is a fault is for the policies. */
export interface RegisterSpec<T> {
	kind: string;
	/** Other kinds that `subjects` looks at. */
	uses?: readonly string[];
	/** What there has to be a record of, in force. */
	subjects?: (beside: Beside<T>) => readonly string[];
	/** The subjects that a record speaks to; of those with the same first one the newest is judged for its age. */
	subjectsOf: (row: T) => readonly string[];
	inForce?: (row: T, today: string) => boolean;
	/** The day that its age counts from, null where the record does not say; undefined where it does not age. */
	dated: (row: T, beside: Beside<T>) => string | null | undefined;
	/** The day that its age counts to; by default today. */
	agesUntil?: (row: T) => string | undefined;
	/** What is positively not as it has to be. */
	lacks?: (row: T, beside: Beside<T>) => string[];
	/** What the record leaves open. */
	open: (row: T, beside: Beside<T>) => string[];
	/** Dates set by law, by the record or by the user's own policy that have passed. */
	overdue?: (row: T, beside: Beside<T>) => string[];
	/** A log: its age is that of its statement, or of its newest entry where that shows that it is kept. */
	log?: { newest?: (row: T) => string | undefined };
}

interface Statement {
	kind: string;
	from: string;
	confirmedThrough: string;
}

/** A record that was read, with the subject by which it follows others. */
interface Entry<T> {
	item: Evidence;
	row: T;
	inForce: boolean;
	on: string | null | undefined;
}

/** derived.record.<kind>, one per record, and derived.register.<kind> for the register as a whole. */
export function registerDerivation<T>(spec: RegisterSpec<T>): Derivation {
	const own = `record.${spec.kind}`;
	return {
		id: `register-${spec.kind}`,
		target: "records",
		needs: [own, ...(spec.uses ?? []), ...(spec.log === undefined ? [] : ["record.statement"])],
		produces: [`derived.record.${spec.kind}`, `derived.register.${spec.kind}`],
		derive(view): DerivedItem[] {
			const items = view.items(own);
			const used = (spec.uses ?? []).flatMap((kind) => view.items(kind));
			const beside: Beside<T> = {
				today: view.today,
				rows: items.filter((item) => item.status === "ok").map((item) => item.values as T),
				others: (kind) => view.items(kind).flatMap((item) => (item.status === "ok" ? [item.values] : [])),
			};
			const entries = items.flatMap((item) => (item.status === "ok" ? [entryOf(spec, item, beside)] : []));
			return [...recordItems(spec, items, entries, beside), registerItem(spec, view, items, used, entries, beside)];
		},
	};
}

function entryOf<T>(spec: RegisterSpec<T>, item: Evidence, beside: Beside<T>): Entry<T> {
	const row = item.values as T;
	return { item, row, inForce: standsToday(spec, row, beside.today), on: spec.dated(row, beside) };
}

function standsToday<T>(spec: RegisterSpec<T>, row: T, today: string): boolean {
	const { lastInEffectOn } = row as { lastInEffectOn?: string | null };
	if (typeof lastInEffectOn === "string" && lastInEffectOn < today) return false;
	return spec.inForce?.(row, today) ?? true;
}

function recordItems<T>(spec: RegisterSpec<T>, items: readonly Evidence[], entries: readonly Entry<T>[], beside: Beside<T>): DerivedItem[] {
	const entryBy = new Map(entries.map((entry) => [entry.item, entry]));
	return items.map((item): DerivedItem => {
		const shared = { kind: `derived.record.${spec.kind}`, id: item.id, basis: [item] };
		const error = errorOf(item, `record.${spec.kind}`);
		const entry = entryBy.get(item);
		if (error !== undefined || entry === undefined) return { ...shared, ...(error === undefined ? {} : { error }) };
		const documents = documentFaults(item.values);
		const gaps: Record<string, Gap> = {
			open: { code: "record_incomplete", detail: spec.kind },
			ageDays: { code: "record_stale", detail: spec.kind },
		};
		if (documents.length > 0) {
			gaps.documents = { code: documents.includes("hash_differs") ? "evidence_hash_mismatch" : "evidence_missing", detail: "document" };
		}
		const { row, on, inForce } = entry;
		const values = {
			subject: spec.subjectsOf(row)[0] ?? item.id,
			inForce,
			latest: inForce && isLatest(spec, entry, entries),
			lacks: spec.lacks?.(row, beside) ?? [],
			open: spec.open(row, beside),
			overdue: spec.overdue?.(row, beside) ?? [],
			documents,
			ages: on !== undefined,
			on: on ?? null,
			ageDays: typeof on === "string" ? Math.max(0, daysBetween(on, spec.agesUntil?.(row) ?? beside.today)) : null,
		};
		// A record that follows others is newest only beside them.
		const alone = spec.subjectsOf(row).length === 0;
		return { ...shared, ...(alone ? {} : { basis: [...items] }), values, gaps };
	});
}

/** Of the records in force on one subject the newest; where two are of one day, both. */
function isLatest<T>(spec: RegisterSpec<T>, entry: Entry<T>, entries: readonly Entry<T>[]): boolean {
	const subject = spec.subjectsOf(entry.row)[0];
	if (subject === undefined) return true;
	return !entries.some((other) => other.inForce && spec.subjectsOf(other.row)[0] === subject && (other.on ?? "") > (entry.on ?? ""));
}

function registerItem<T>(
	spec: RegisterSpec<T>,
	view: DerivationView,
	items: readonly Evidence[],
	used: readonly Evidence[],
	entries: readonly Entry<T>[],
	beside: Beside<T>,
): DerivedItem {
	const said = spec.log === undefined ? [] : view.items("record.statement");
	const statements = said.flatMap((item) => (item.status === "ok" && (item.values as Statement).kind === spec.kind ? [item.values as Statement] : []));
	const newest = spec.log?.newest;
	const confirmed = [...statements.map((one) => one.confirmedThrough), ...(newest === undefined ? [] : entries.flatMap(({ row }) => newest(row) ?? []))]
		.filter((day) => day <= beside.today)
		.sort()
		.at(-1);
	const spokenTo = new Set(entries.filter((one) => one.inForce).flatMap(({ row }) => [...spec.subjectsOf(row)]));
	const own = { kind: `derived.register.${spec.kind}`, id: view.target, basis: [...items, ...used, ...said] };
	// A record that could not be read may be the one that is missed.
	const unread = own.basis.find((item) => item.status === "error");
	const error = unread === undefined ? undefined : errorOf(unread, unread.kind);
	if (error !== undefined) return { ...own, error };
	const absent: Gap = { code: "record_missing", detail: `record.${spec.kind}` };
	return {
		...own,
		values: {
			rows: entries.length,
			present: entries.length > 0 || statements.length > 0,
			missing: (spec.subjects?.(beside) ?? []).filter((subject) => !spokenTo.has(subject)),
			confirmedThrough: confirmed ?? null,
			ageDays: confirmed === undefined ? null : daysBetween(confirmed, beside.today),
		},
		gaps: { present: absent, missing: absent, ageDays: { code: "record_stale", detail: spec.kind } },
	};
}

const faultyStatuses = new Set(["hash_differs", "missing", "unreadable"]);

/** What the collector found of the documents that a record names, however deep they stand. */
function documentFaults(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(documentFaults);
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, one]) =>
		key === "documentStatus" ? (faultyStatuses.has(String(one)) ? [String(one)] : []) : documentFaults(one),
	);
}

/** Names of the fields that hold nothing. */
export function unset(row: object, fields: readonly string[]): string[] {
	return fields.filter((field) => {
		const value = (row as Record<string, unknown>)[field];
		return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
	});
}

export interface Action {
	text?: string;
	dueOn?: string;
	doneOn?: string | null;
}

/** Actions whose own date has passed and that nobody has done. */
export function actionsPast(actions: readonly Action[] | undefined, today: string): string[] {
	return (actions ?? []).flatMap(({ dueOn, doneOn }) =>
		dueOn !== undefined && dueOn < today && typeof doneOn !== "string" ? [`an action due on ${dueOn} is not done`] : [],
	);
}

/** The day of an instant as it was written, in its own offset. */
export function dayOf(instant: string | undefined): string | undefined {
	return instant?.slice(0, 10);
}
