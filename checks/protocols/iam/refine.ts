import { readDate, readNumber } from "./compare.ts";
import type { Clause, Policy } from "./policy.ts";
import type { IamAnswer, Prepared } from "./question.ts";
import { fixedText } from "./text.ts";

type Evaluate = (prepared: Prepared, context: Readonly<Record<string, unknown>>) => IamAnswer;

const maxKeys = 6;
/** Evaluations times statements. */
const maxWork = 200_000;

/**
 * Three-valued logic does not see that one statement holds exactly where another does not (Allow if MFA is present, Allow if it
 * is not). Where the values of the open keys fall into few classes that the policies can tell apart, each class is tried: if
 * all lead to the same answer it is the answer, and keys that make no difference are no longer named.
 */
export function decidedByCases(prepared: Prepared, first: IamAnswer, evaluate: Evaluate): IamAnswer {
	const keys = first.dependsOn ?? [];
	if (keys.length === 0 || keys.length > maxKeys) return first;
	const policies = [prepared.identity, prepared.resource ?? [], prepared.boundary ?? [], ...prepared.scps].flat().map(({ policy }) => policy);
	const classes: string[][][] = [];
	let cases = 1;
	for (const key of keys) {
		const values = classesOf(key, policies);
		if (values === undefined) return first;
		cases *= values.length;
		classes.push(values);
	}
	let statements = 1;
	for (const policy of policies) statements += policy.statements.length;
	if (cases * statements > maxWork) return first;

	const answers: IamAnswer[] = [];
	for (let index = 0; index < cases; index++) {
		const context: Record<string, unknown> = { ...prepared.question.context };
		let rest = index;
		for (const [at, key] of keys.entries()) {
			const values = classes[at] ?? [];
			context[key] = values[rest % values.length];
			rest = Math.floor(rest / values.length);
		}
		const one = evaluate(prepared, context);
		if (one.decision === "depends") return first;
		answers.push(one);
	}
	const [any] = answers;
	if (any === undefined) return first;
	if (answers.every(({ decision }) => decision === any.decision)) {
		const statements = answers.map((one) => new Set(one.statements));
		return {
			decision: any.decision,
			statements: [...new Set(answers.flatMap((one) => one.statements))].filter((label) => statements.some((set) => set.has(label))),
		};
	}
	if (answers.every(({ decision }) => decision !== "allowed")) return { decision: "implicit_deny", statements: [] };
	return { ...first, dependsOn: keys.filter((_, at) => matters(at, classes, answers)) };
}

/** Whether two cases that differ in this key alone differ in the answer. */
function matters(at: number, classes: readonly string[][][], answers: readonly IamAnswer[]): boolean {
	let stride = 1;
	for (const values of classes.slice(0, at)) stride *= values.length;
	const size = classes[at]?.length ?? 1;
	for (const [index, one] of answers.entries()) {
		const digit = Math.floor(index / stride) % size;
		if (digit === 0) continue;
		const other = answers[index - digit * stride];
		if ((one.decision === "allowed") !== (other?.decision === "allowed")) return true;
	}
	return false;
}

/** One value of each class that the policies can tell apart; [] is "not in the request". Undefined where that cannot be listed. */
function classesOf(key: string, policies: readonly Policy[]): string[][] | undefined {
	const lower = key.toLowerCase();
	if (lower.includes("$") || lower === "principal" || lower.startsWith("canonicaluser ")) return undefined;
	const values = new Set<string>();
	let other = false;
	let found = false;
	for (const policy of policies) {
		for (const statement of policy.statements) {
			for (const pattern of [
				...statement.action.patterns,
				...(statement.resource?.patterns ?? []),
				...statement.conditions.flatMap((clause) => clause.values),
			]) {
				if (pattern.parts.some((part) => part.kind === "variable" && part.key.toLowerCase() === lower)) return undefined;
			}
			for (const clause of statement.conditions) {
				if (clause.key.toLowerCase() !== lower) continue;
				found = true;
				const own = classesOfClause(clause);
				if (own === undefined) return undefined;
				other ||= own.other;
				for (const value of own.values) values.add(value);
			}
		}
	}
	if (!found) return undefined;
	if (other) {
		let fresh = "other";
		while ([...values].some((value) => value.toLowerCase().startsWith(fresh))) fresh += "-";
		values.add(fresh);
	}
	return [[], ...[...values].map((value) => [value])];
}

function classesOfClause({ operator, values }: Clause): { values: string[]; other: boolean } | undefined {
	if (operator === undefined || operator.set !== undefined) return undefined;
	const texts: string[] = [];
	for (const value of values) {
		const text = fixedText(value);
		if (text !== undefined) texts.push(text);
		// "*" alone tells nothing apart.
		else if (value.parts.length !== 1 || value.parts[0]?.kind !== "star") return undefined;
	}
	switch (operator.comparison) {
		case "null":
			return { values: [], other: true };
		case "bool":
			return { values: ["true", "false"], other: false };
		case "string":
		case "stringLike":
			return { values: texts, other: true };
		case "numericEquals":
		case "numericLess":
		case "numericLessEquals":
		case "numericGreater":
		case "numericGreaterEquals":
			return numbersAround(texts.map(readNumber));
		case "dateEquals":
		case "dateLess":
		case "dateLessEquals":
		case "dateGreater":
		case "dateGreaterEquals":
			return datesAround(texts.map(readDate));
		default:
			return undefined;
	}
}

/** Each bound, and a point between each two and beyond the outermost. Bounds that are no integers lie too close to say. */
function numbersAround(bounds: readonly (number | undefined)[]): { values: string[]; other: boolean } | undefined {
	const known = bounds.filter((bound) => bound !== undefined);
	if (known.some((bound) => !Number.isInteger(bound))) return undefined;
	return { values: known.flatMap((bound) => [bound - 0.5, bound, bound + 0.5]).map(String), other: false };
}

function datesAround(bounds: readonly (number | undefined)[]): { values: string[]; other: boolean } | undefined {
	const iso: string[] = [];
	for (const bound of bounds) {
		for (const step of [-1, 0, 1]) {
			const date = new Date((bound ?? 0) + step);
			if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 0 || date.getUTCFullYear() > 9999) return undefined;
			iso.push(date.toISOString());
		}
	}
	return { values: iso, other: false };
}
