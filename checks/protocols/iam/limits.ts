import { readRange } from "./compare.ts";
import type { Clause } from "./policy.ts";
import { isOneThing } from "./references.ts";
import { and, type Ternary } from "./ternary.ts";
import type { Part, PolicyText } from "./text.ts";

/** By what a condition limits who may call. */
export type LimitKind = "account" | "organization" | "principal" | "source" | "vpc" | "network";

export interface Limit {
	readonly kind: LimitKind;
	/** As written. */
	readonly key: string;
	readonly operator: string;
	readonly values: readonly string[];
	/** `unknown` where a placeholder may turn out to be a wildcard. */
	readonly limits: "yes" | "unknown";
	/** Names of those placeholders. */
	readonly unknowns: readonly string[];
}

type Shape = "plain" | "orgPath" | "arn" | "userid" | "range";

const keys: ReadonlyMap<string, readonly [LimitKind, Shape]> = new Map<string, readonly [LimitKind, Shape]>([
	["aws:principalaccount", ["account", "plain"]],
	["kms:calleraccount", ["account", "plain"]],
	["aws:sourceaccount", ["account", "plain"]],
	["aws:sourceowner", ["account", "plain"]],
	["aws:vpceaccount", ["account", "plain"]],
	["s3:dataaccesspointaccount", ["account", "plain"]],
	["aws:principalorgid", ["organization", "plain"]],
	["aws:sourceorgid", ["organization", "plain"]],
	["aws:vpceorgid", ["organization", "plain"]],
	["aws:principalorgpaths", ["organization", "orgPath"]],
	["aws:sourceorgpaths", ["organization", "orgPath"]],
	["aws:vpceorgpaths", ["organization", "orgPath"]],
	["aws:principalarn", ["principal", "arn"]],
	["aws:userid", ["principal", "userid"]],
	["aws:sourcearn", ["source", "arn"]],
	["aws:sourcevpc", ["vpc", "plain"]],
	["aws:sourcevpce", ["vpc", "plain"]],
	["aws:sourceip", ["network", "range"]],
	["aws:vpcsourceip", ["network", "range"]],
]);

/**
 * The limits that conditions set, by what they say and not by which keys they name: a value that anybody can have (a wildcard
 * for the account, 0.0.0.0/0, a variable of the caller's own), an IfExists or ForAllValues, which hold without the key, and a
 * negated operator set none.
 */
export function limitsOf(clauses: readonly Clause[]): Limit[] {
	const limits: Limit[] = [];
	for (const clause of clauses) {
		const { operator } = clause;
		if (operator === undefined || operator.negated || operator.ifExists || operator.set === "ForAllValues") continue;
		const limit = limitOf(clause);
		if (limit !== undefined) limits.push(limit);
	}
	return limits;
}

/** Whether the clauses of a Deny certainly hold for every caller outside of what they name. */
export function holdsForStrangers(clauses: readonly Clause[], kinds: ReadonlySet<LimitKind>): Ternary {
	let holds: Ternary = "yes";
	for (const clause of clauses) {
		const { operator } = clause;
		if (operator === undefined) {
			holds = and(holds, "unknown");
			continue;
		}
		const key = clause.key.toLowerCase();
		if (key === "aws:principalisawsservice" && operator.comparison === "bool" && clause.values.some(({ text }) => text.toLowerCase() === "false")) continue;
		if (!operator.negated || operator.set === "ForAnyValue") return "no";
		const limit = limitOf(clause);
		if (limit === undefined || !kinds.has(limit.kind)) return "no";
		holds = and(holds, limit.limits);
	}
	return holds;
}

function limitOf(clause: Clause): Limit | undefined {
	const { operator } = clause;
	const [kind, shape] = keys.get(clause.key.toLowerCase()) ?? [];
	if (operator === undefined || kind === undefined || shape === undefined || operator.comparison === "null") return undefined;
	if ((shape === "range") !== (operator.comparison === "ip")) return undefined;
	const wildcards = operator.comparison === "stringLike" || operator.comparison === "arn";
	let limits: Ternary = "yes";
	for (const value of clause.values) limits = and(limits, isFixed(value, shape, wildcards));
	if (limits === "no") return undefined;
	const unknowns = limits === "yes" ? [] : clause.values.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === "unknown" ? [part.name] : [])));
	return { kind, key: clause.key, operator: clause.operatorText, values: clause.values.map(({ text }) => text), limits, unknowns };
}

function isFixed(value: PolicyText, shape: Shape, wildcards: boolean): Ternary {
	if (shape === "range") return isNarrow(value);
	if (shape === "plain" || !wildcards) return fixedParts(value.parts, wildcards);
	const { parts } = value;
	if (shape === "orgPath") return fixedParts(before(parts, "/", 0), wildcards);
	if (shape === "userid") return fixedParts(before(parts, ":", 0), wildcards);
	// One whole reference is an ARN of its own.
	const [only] = parts;
	if (parts.length === 1 && only?.kind === "unknown") return isOneThing(only.name) ? "yes" : "unknown";
	const account = between(parts, 4);
	const service = between(parts, 2);
	if (account === undefined || service === undefined)
		return parts.some(({ kind }) => kind === "unknown") && !parts.some(({ kind }) => kind === "star") ? "unknown" : "no";
	// Names of buckets are unique without an account.
	const ofBucket = service.length === 1 && service[0]?.kind === "text" && service[0].text === "s3";
	const named = ofBucket && (account.length === 0 || fixedParts(account, wildcards) === "no") ? (between(parts, 5) ?? []) : account;
	if (named.length === 0) return "no";
	return fixedParts(named, wildcards);
}

function fixedParts(parts: readonly Part[], wildcards: boolean): Ternary {
	let fixed: Ternary = "yes";
	for (const part of parts) {
		if (part.kind === "star" || part.kind === "one") return "no";
		// The resource's own account or organization is no choice of the caller; all else that a request fills in is.
		if (part.kind === "variable" && !/^aws:resource(?:account|orgid)$/i.test(part.key)) return "no";
		if (part.kind === "unknown" && wildcards && !isOneThing(part.name)) fixed = "unknown";
	}
	return fixed;
}

/** The parts up to a separator in their text; all of them where there is none. */
function before(parts: readonly Part[], separator: string, from: number): Part[] {
	const found: Part[] = [];
	for (const part of parts.slice(from)) {
		const at = part.kind === "text" ? part.text.indexOf(separator) : -1;
		if (part.kind !== "text" || at < 0) {
			found.push(part);
			continue;
		}
		if (at > 0) found.push({ kind: "text", text: part.text.slice(0, at) });
		break;
	}
	return found;
}

/** The parts of one colon-separated field of an ARN, or undefined where there are not as many. */
function between(parts: readonly Part[], field: number): Part[] | undefined {
	let current = 0;
	const found: Part[] = [];
	for (const part of parts) {
		if (part.kind !== "text") {
			if (current === field) found.push(part);
			continue;
		}
		const pieces = part.text.split(":");
		for (const [at, piece] of pieces.entries()) {
			if (at > 0 && current < 5) current++;
			if (current === field && piece !== "") found.push({ kind: "text", text: piece });
		}
	}
	return current < field || current < 5 ? undefined : found;
}

/** As S3 has it ("The meaning of public"): ranges wider than /8 and /32 are everywhere. */
function isNarrow(value: PolicyText): Ternary {
	if (value.parts.some(({ kind }) => kind === "unknown")) return "unknown";
	const range = readRange(value.text);
	// What is no range matches nobody.
	if (range === undefined) return "yes";
	return range.prefix >= (range.family === "ipv4" ? 8 : 32) ? "yes" : "no";
}
