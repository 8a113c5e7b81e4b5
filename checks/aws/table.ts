import type { Operation } from "./operation.ts";
import type { RecordedRow, RecordedType } from "./recorded-row.ts";

/**
 * One listing of a service, the calls that tell more of each resource found, and the evidence they make. Paging, limits, retries,
 * errors, "absent" and the listing items come with it; a table says only what to ask and how an answer reads in Terraform's words.
 */
export interface Table<One, Described, Details extends DetailOperations> {
	list: Listing<One>;
	/** The id that a resource's errors go by: what other items call it (its ARN, or the name its own items hold). */
	id(one: One): string;
	/** False for a resource that is none of ours: an AWS managed key, a bucket of another Region. */
	keep?(one: One, place: Place): boolean;
	/** True where the table speaks of the account as a whole and yet asks Region by Region: it is read on the account's first Region alone. */
	ofAccount?: boolean;
	/** Asked first of each resource where the listing holds little more than names; `describedKeep` sorts out by the answer. */
	describe?: Describe<One, Described>;
	describedKeep?(described: Described): boolean;
	/** Asked of each resource, together. */
	details?: { [Key in keyof Details]: Detail<One, Described, Details[Key]> };
	/** Evidence kinds and how they are made. */
	kinds: Record<string, KindOf<One, Described, Details>>;
}

export interface Listing<One> {
	operation: Operation<unknown, unknown>;
	/** The listing whose resources are each asked for theirs: buses for their rules. */
	parent: Listing<unknown> | undefined;
	input(parent: unknown): unknown;
	items(page: unknown, parent: unknown): readonly One[];
	absent: readonly Absence[];
}

/** What says positively that there is none: the error's name, or where one name means two things, its words too. */
export type Absence = string | { name: string; message: RegExp };

/** The listing of a table: what to ask and where the resources stand in a page. */
export function listOf<Input, Output, One>(
	operation: Operation<Input, Output>,
	input: Input,
	items: (page: Output) => readonly One[] | undefined,
	absent: readonly Absence[] = [],
): Listing<One> {
	return {
		operation: operation as Operation<unknown, unknown>,
		parent: undefined,
		input: () => input,
		items: (page) => items(page as Output) ?? [],
		absent,
	};
}

/** A listing that is asked once for each resource of another: it is whole if all of them are. */
export function listWithin<Parent, Input, Output, One>(
	parent: Listing<Parent>,
	operation: Operation<Input, Output>,
	input: (parent: Parent) => Input,
	items: (page: Output, parent: Parent) => readonly One[] | undefined,
	absent: readonly Absence[] = [],
): Listing<One> {
	return {
		operation: operation as Operation<unknown, unknown>,
		parent: parent as Listing<unknown>,
		input: (of) => input(of as Parent),
		items: (page, of) => items(page as Output, of as Parent) ?? [],
		absent,
	};
}

// biome-ignore lint/suspicious/noExplicitAny: the operations of one table differ in type, which is kept key by key
export type DetailOperations = Record<string, Operation<any, any>>;
export type InputOf<Op> = Op extends Operation<infer Input, unknown> ? Input : never;
export type OutputOf<Op> = Op extends { readonly io?: { output: infer Output } | undefined } ? Output : never;

export interface Describe<One, Described> {
	// biome-ignore lint/suspicious/noExplicitAny: what the operation takes is not inferred, what it answers is
	operation: Operation<any, Described>;
	input(one: One): unknown;
}

export interface Detail<One, Described, Op> {
	operation: Op;
	/** Undefined: there is nothing to ask of this resource, and the detail counts as absent. */
	input(one: One, described: Described): InputOf<Op> | undefined;
	/** NoSuchLifecycleConfiguration and the like. */
	absent?: readonly Absence[];
	/** The Region to ask where it is not the target's. */
	region?(one: One): string | undefined;
	/** Where AWS Config records the same: an aggregator's row may stand in for the call. */
	recorded?: RecordedAs<One, Omit<OutputOf<Op>, "$metadata">>;
}

/** How AWS Config records what a call answers. */
export interface RecordedAs<One, Output> {
	type: RecordedType;
	/** resourceId, as AWS Config names the resource. */
	id(one: One): string | undefined;
	/** The call's answer as the row states it; undefined where the row does not state it in full and without doubt. */
	answer(properties: RecordedRow["properties"]): Output | undefined;
}

/** What of a resource's details a mapping is given: all pages of each, null where AWS says there is none. */
export type Answers<Details extends DetailOperations> = { [Key in keyof Details]: OutputOf<Details[Key]>[] | null };

export interface KindOf<One, Described, Details extends DetailOperations> {
	/** The details that it is made of; one that failed makes the item an error. */
	of?: readonly (keyof Details & string)[];
	/** Items of the kind that the resource has: none, one or several. */
	map(one: One, answers: Answers<Details> & { described: Described }, place: Place): Made | readonly Made[] | undefined;
}

/** An item in the making. Values are an allow-list by construction: the mapping writes each one down. */
export interface Made {
	id: string;
	/** Undefined values and empty strings are left out, as the Terraform adapter leaves out null. Without values: AWS says there is none. */
	values?: Record<string, unknown>;
	/** Paths of values that Terraform alone knows, such as the waiting time of a deletion that nobody asked for yet: a plan shows them, an account does not. */
	onlyInPlan?: readonly string[];
}

/** Where a target is. */
export interface Place {
	account: string;
	region: string;
	partition: string;
	/** Regions of this account that are scanned. */
	regions: readonly string[];
	/** True on the first Region of an account: resources of unscanned Regions count there. */
	first: boolean;
	/** The clock. */
	now: string;
}

/** A table with its types closed, as collectors hold it. */
export interface AnyTable {
	operations: readonly Operation<unknown, unknown>[];
	kinds: readonly string[];
	/** True where every answer speaks for the account as a whole: each Region would tell the same. */
	global: boolean;
	table: Table<unknown, unknown, DetailOperations>;
}

/** Closes a table's types: inside they are checked against the SDK, outside all tables are alike. */
export function table<One, Described = undefined, Details extends DetailOperations = Record<never, never>>(declared: Table<One, Described, Details>): AnyTable {
	const details = Object.values(declared.details ?? {}) as Detail<unknown, unknown, Operation<unknown, unknown>>[];
	const described = declared.describe === undefined ? [] : [declared.describe.operation as unknown as Operation<unknown, unknown>];
	const operations = [...operationsOf(declared.list), ...described, ...details.map((detail) => detail.operation)];
	return {
		operations,
		kinds: Object.keys(declared.kinds),
		global: declared.ofAccount === true || operations.every((operation) => operation.api.global),
		table: declared as unknown as Table<unknown, unknown, DetailOperations>,
	};
}

function operationsOf(list: Listing<unknown>): Operation<unknown, unknown>[] {
	return [...(list.parent === undefined ? [] : operationsOf(list.parent)), list.operation];
}
