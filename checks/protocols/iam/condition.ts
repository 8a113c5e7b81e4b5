import { anyText, compare, type Subject } from "./compare.ts";
import { type KeyState, keyState, type RequestContext } from "./context.ts";
import type { Operator } from "./operators.ts";
import type { Clause } from "./policy.ts";
import { and, either, not, or, type Ternary, ternary } from "./ternary.ts";
import { type ResolvedText, resolveText, type VariableValue } from "./text.ts";

export interface Outcome {
	readonly holds: Ternary;
	/** Keys and placeholders that would have to be known; empty unless `holds` is unknown. */
	readonly unknowns: readonly string[];
}

/** A policy variable from the request. Keys with several values are no variables ("use single-valued keys"). */
export function variableOf(context: RequestContext): (key: string) => VariableValue {
	return (key) => {
		const state = keyState(context, key);
		if (state.state === "unknown") return "unknown";
		const [value] = state.state === "present" ? state.values : [];
		return value === undefined || (state.state === "present" && state.values.length > 1) ? "absent" : { value };
	};
}

/** All clauses together: AND. Stops at the first that certainly fails. */
export function conditionsHold(clauses: readonly Clause[], context: RequestContext): Outcome {
	let holds: Ternary = "yes";
	const unknowns: string[] = [];
	for (const clause of clauses) {
		const outcome = clauseHolds(clause, context);
		if (outcome.holds === "no") return { holds: "no", unknowns: [] };
		holds = and(holds, outcome.holds);
		unknowns.push(...outcome.unknowns);
	}
	return { holds, unknowns };
}

export function clauseHolds(clause: Clause, context: RequestContext): Outcome {
	const { operator } = clause;
	if (operator === undefined) return { holds: "unknown", unknowns: [clause.key] };
	const state = keyState(context, clause.key);
	if (operator.comparison === "null") return nullHolds(clause, state);
	const values: ResolvedText[] = [];
	const unknowns: string[] = [];
	for (const value of clause.values) {
		const resolved = resolveText(value, variableOf(context));
		// "If AWS cannot resolve a variable, this might cause the entire statement to be invalid."
		if (resolved === undefined) return { holds: "no", unknowns: [] };
		values.push(resolved);
		unknowns.push(...resolved.unknowns);
	}
	const whenAbsent = (): Ternary => absentOutcome(operator);
	if (state.state === "absent") return { holds: whenAbsent(), unknowns: [] };
	if (state.state === "present") {
		const holds = presentOutcome(operator, values, state.values);
		return { holds, unknowns: holds === "unknown" ? unknowns : [] };
	}
	// Nothing is known of the key: it counts only if its absence and any value of it could come out differently.
	const holds = either(whenAbsent(), presentOutcome(operator, values, [anyText]));
	return { holds, unknowns: holds === "unknown" ? [clause.key, ...unknowns] : [] };
}

/** "true": the key is not there; "false": it is there and has a value. */
function nullHolds(clause: Clause, state: KeyState): Outcome {
	const texts = clause.values.map(({ text }) => text.toLowerCase());
	const either = texts.includes("true") && texts.includes("false");
	if (either) return { holds: "yes", unknowns: [] };
	if (state.state === "unknown") {
		const possible = clause.values.some(({ text, parts }) => /^(?:true|false)$/i.test(text) || parts.some(({ kind }) => kind === "unknown"));
		return possible ? { holds: "unknown", unknowns: [clause.key] } : { holds: "no", unknowns: [] };
	}
	if (texts.includes(state.state === "absent" ? "true" : "false")) return { holds: "yes", unknowns: [] };
	const unknowns = clause.values.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === "unknown" ? [part.name] : [])));
	return { holds: unknowns.length > 0 ? "unknown" : "no", unknowns };
}

/**
 * A missing key does not match, so that a negated operator holds; IfExists holds; ForAllValues holds for a request without the
 * key, ForAnyValue does not.
 */
function absentOutcome({ negated, ifExists, set }: Operator): Ternary {
	if (ifExists) return "yes";
	if (set !== undefined) return ternary(set === "ForAllValues");
	return ternary(negated);
}

/** Values of the policy are alternatives (OR; NOR under a negated operator). */
function presentOutcome(operator: Operator, values: readonly ResolvedText[], given: readonly Subject[]): Ternary {
	const matchesOne = (subject: Subject): Ternary => {
		let matched: Ternary = "no";
		for (const value of values) {
			matched = or(matched, compare(operator.comparison, value.symbols, subject));
			if (matched === "yes") break;
		}
		return operator.negated ? not(matched) : matched;
	};
	if (operator.set === undefined) {
		// A single-valued key has one value; should there be more, one that matches is enough.
		const outcomes = given.map(matchesOne);
		return operator.negated ? and(...outcomes) : or(...outcomes);
	}
	// "An empty string" is the empty set here.
	const set = given.filter((subject) => subject !== "");
	if (operator.ifExists && set.length === 0) return "yes";
	return operator.set === "ForAllValues" ? and(...set.map(matchesOne)) : or(...set.map(matchesOne));
}
