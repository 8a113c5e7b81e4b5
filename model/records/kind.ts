import { z } from "zod";
import { disposeNotBefore, isCalendarDate } from "./dates.ts";
import { logStatement } from "./log-statement.ts";
import { dateOf, type Loose, type RuleIssue, withRules } from "./rules.ts";

/** What rules over several records see: each record with its index in the list they are given. */
export interface CrossIssue extends RuleIssue {
	/** Index of the record at fault. */
	record: number;
	/** Index of the other record that it clashes with; the reader says where it stands. */
	other?: number;
}

/** The records of a kind, as they stand in the files. */
export type Register = (kind: string) => readonly Loose[];

/** One kind of administrative record: one file in this folder and one row in index.ts. */
export interface RecordKind {
	kind: string;
	/** The newest schema version read; older ones stay readable as long as they are supported. */
	version: number;
	/** true: a wrong value is never printed, only its type and length. */
	namesSubjects: boolean;
	record: z.ZodObject;
	/** The whole file: schema and records. */
	file: z.ZodObject;
	/** The day the record was last in effect, null while it is in force. */
	lastInEffect(record: Loose): string | null;
	/** A log of what happens: its file carries a statement on the period that it covers. */
	log: boolean;
	/** Rules over all records of the kind, beside those of other kinds. */
	across(records: readonly Loose[], register: Register): CrossIssue[];
}

export interface RecordKindDefinition<T extends z.ZodObject> {
	kind: string;
	namesSubjects: boolean;
	fields: T;
	rules: (record: Loose) => RuleIssue[];
	lastInEffect: (record: Loose) => string | null;
	log?: boolean;
	across?: (records: readonly Loose[], register: Register) => CrossIssue[];
}

export function defineRecordKind<T extends z.ZodObject>(definition: RecordKindDefinition<T>): RecordKind & { record: T } {
	const record = withRules(definition.fields, (value) => [...definition.rules(value), ...retentionRules(value, definition.lastInEffect)]);
	return {
		kind: definition.kind,
		version: 1,
		namesSubjects: definition.namesSubjects,
		record,
		file: z.strictObject({
			schema: z.literal(recordSchemaId(definition.kind, 1)),
			...(definition.log === true ? { statement: logStatement.optional() } : {}),
			records: z.array(record),
		}),
		log: definition.log === true,
		lastInEffect: definition.lastInEffect,
		across: definition.across ?? (() => []),
	};
}

export function recordSchemaId(kind: string, version: number): string {
	return `mailward/${kind}/v${version}`;
}

/** REC-108: the date is computed; what is written may be later, never earlier. A hold moves it out and never in. */
function retentionRules(record: Loose, lastInEffect: (record: Loose) => string | null): RuleIssue[] {
	const written = record.disposeNotBefore;
	const computed = computedDisposal(record, lastInEffect);
	if (typeof written !== "string" || written === "open" || !isCalendarDate(written) || computed === undefined) return [];
	if (computed === "open") {
		return [{ rec: "REC-108", path: ["disposeNotBefore"], message: `disposeNotBefore ${written}, but the record is in force: the date is open` }];
	}
	if (written >= computed) return [];
	return [{ rec: "REC-108", path: ["disposeNotBefore"], message: `disposeNotBefore ${written} is earlier than the computed date ${computed}` }];
}

function computedDisposal(record: Loose, lastInEffect: (record: Loose) => string | null): string | undefined {
	const created = dateOf(record.createdOn);
	if (created === undefined || !isCalendarDate(created)) return undefined;
	const last = lastInEffect(record);
	if (last !== null && !isCalendarDate(last)) return undefined;
	return laterDate(disposeNotBefore(created, last), holdUntil(record));
}

function holdUntil(record: Loose): string | undefined {
	const hold = record.retentionHold;
	return typeof hold === "object" && hold !== null ? dateOf((hold as Loose).until) : undefined;
}

function laterDate(computed: string, other: string | undefined): string {
	return computed === "open" || other === undefined || other < computed ? computed : other;
}

/**
 * The day from which a valid record may be destroyed, or "open" while it is in force: the latest of the computed date,
 * the hold and the date written in the record.
 */
export function retentionOf(kind: RecordKind, record: Loose): string {
	const computed = computedDisposal(record, kind.lastInEffect) ?? "open";
	return laterDate(computed, dateOf(record.disposeNotBefore));
}
