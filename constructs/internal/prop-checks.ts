import { Token } from "cdktf";
import type { Construct } from "constructs";

/** What a prop must be, and what to write instead. */
export interface PropRule {
	/** Completes "must be ...". */
	readonly wanted: string;
	/** What to do about it, an instruction. */
	readonly remedy: string;
}

/**
 * Throws unless the value meets the rule: names the construct, the prop, the value got and the way out.
 * A value that is a token (a reference or variable) is known only to Terraform and passes unchecked; so does an unset prop.
 */
export function checkProp<T>(scope: Construct, prop: string, value: T | undefined, meets: (value: T) => boolean, rule: PropRule): void {
	if (value === undefined || Token.isUnresolved(value)) return;
	if (meets(value)) return;
	throw propError(scope, prop, value, rule);
}

/** The same for every element of a list that must not be empty. */
export function checkPropList<T>(scope: Construct, prop: string, values: readonly T[] | undefined, meets: (value: T) => boolean, rule: PropRule): void {
	if (values === undefined || Token.isUnresolved(values)) return;
	if (values.length === 0) throw propError(scope, prop, values, { wanted: "a list with at least one element", remedy: "leave the prop out for its default" });
	for (const [index, value] of values.entries()) checkProp(scope, `${prop}[${index}]`, value, meets, rule);
}

export function propError(scope: Construct, prop: string, value: unknown, rule: PropRule): Error {
	return new Error(`${scope.node.path}: ${prop} must be ${rule.wanted}, got ${JSON.stringify(value) ?? String(value)}; ${rule.remedy}`);
}

export function isWholeNumber(value: number, atLeast: number, atMost: number): boolean {
	return Number.isInteger(value) && value >= atLeast && value <= atMost;
}
