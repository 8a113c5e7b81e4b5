import type { Value } from "./values.ts";

/** Names that an expression may use besides the module's: each, count, iterators of dynamic blocks, variables of for. */
export type Scope = ReadonlyMap<string, Value>;

export const emptyScope: Scope = new Map();

/** A value and the addresses of the resources that it was made from. */
export interface Resolved {
	value: Value;
	references: ReadonlySet<string>;
}

/** What the readers of blocks and documents ask of the evaluator. */
export interface Resolver {
	/** Evaluates an attribute as JSON syntax writes it. Never throws: what Terraform would refuse is unknown. */
	resolve(json: unknown, scope: Scope): Resolved;
	/** Keys and values of what for_each, dynamic and for run over; undefined when not known how many. */
	iterate(value: Value): [Value, Value][] | undefined;
	/** Counts an address for the value that is being evaluated. */
	note(address: string): void;
}
