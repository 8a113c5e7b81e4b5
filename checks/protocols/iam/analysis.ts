import { conditionsHold } from "./condition.ts";
import type { RequestContext } from "./context.ts";
import { isUnknownPart, lowerCase, matches, type Symbols } from "./glob.ts";
import type { Clause, Matcher, Policy, Statement } from "./policy.ts";
import { and, not, or, type Ternary } from "./ternary.ts";
import { isPlaceholder, questionSymbols, type ResolvedText, resolveText } from "./text.ts";

/** The policies of one resource or one identity, looked at together. */
export type Policies = Policy | readonly Policy[];

export interface Labelled {
	readonly statement: Statement;
	/** The Sid, or `Statement[1]`; `[0].Statement[1]` where there are several policies. */
	readonly label: string;
}

export function statementsOf(policies: Policies): Labelled[] {
	const list: readonly Policy[] = "statements" in policies ? [policies] : policies;
	const found: Labelled[] = [];
	for (const [at, policy] of list.entries()) {
		for (const statement of policy.statements) {
			const place = `${list.length > 1 ? `[${at}].` : ""}Statement[${statement.index}]`;
			found.push({ statement, label: statement.sid === undefined || statement.sid === "" ? place : statement.sid });
		}
	}
	return found;
}

/** AWS's size limits leave no room for as many. Beyond it nothing counts as denied, so that hostile documents cost little and gain nothing. */
const maxDenials = 100;

/** A Deny of everyone, or one without a Principal, which binds the identity it belongs to, whose conditions hold or may. */
export interface Denial extends Labelled {
	readonly holds: Ternary;
	readonly unknowns: readonly string[];
}

/** The Deny statements that count in a situation; whether conditions certainly hold is evaluated in a context, or told. */
export function denialsOf(statements: readonly Labelled[], situation: RequestContext | ((clauses: readonly Clause[]) => Ternary)): Denial[] {
	const found: Denial[] = [];
	for (const { statement, label } of statements) {
		if (statement.effect === "Allow") continue;
		const everyone = deniesEveryone(statement);
		if (everyone === "no") continue;
		const outcome = typeof situation === "function" ? undefined : conditionsHold(statement.conditions, situation);
		const conditions =
			typeof situation === "function" ? situation(statement.conditions) : certainly({ value: outcome?.holds ?? "no", unknowns: outcome?.unknowns ?? [] });
		const holds = and(conditions, everyone, statement.effect === "unknown" ? "unknown" : "yes");
		if (holds === "no") continue;
		found.push({ statement, label, holds, unknowns: holds === "unknown" ? placeholdersOf(statement) : [] });
		if (found.length === maxDenials) break;
	}
	return found;
}

export interface Pair {
	readonly action: string;
	readonly resource: string;
}

/**
 * Every action pattern of a statement with every resource pattern, to be asked about one by one. Where there are more than
 * `most`, one question stands for all, to which only a Deny of everything says yes.
 */
export function pairsOf(statement: Statement, most: number): Pair[] {
	const actions = patternsOf(statement.action);
	const resources = patternsOf(statement.resource);
	if (actions.length * resources.length > most) return [{ action: "*", resource: "*" }];
	return actions.flatMap((action) => resources.map((resource) => ({ action, resource })));
}

/** Pairs of all statements together. */
export const maxPairs = 20_000;

export const nothingKnown: RequestContext = new Map();

/** `*` and `ses:*` stand for all actions, whose names are never empty: `*:*` and `ses:?*` cover them too. */
export function actionQuestion(text: string): Symbols {
	if (text === "*" || text === "*:*") return questionSymbols("?*:?*", true);
	return lowerCase(questionSymbols(text.endsWith(":*") ? `${text.slice(0, -1)}?*` : text, true));
}

export function resourceQuestion(text: string): Symbols {
	return questionSymbols(text, true);
}

/**
 * What holds for everything asked about, whatever the request: a yes for some only, or under some condition only, is a no.
 * Unknown is left for what a plan's placeholders decide.
 */
export function certainly(match: { readonly value: Ternary; readonly unknowns: readonly string[] }): Ternary {
	if (match.value !== "unknown") return match.value;
	return match.unknowns.length > 0 && match.unknowns.every(isPlaceholder) ? "unknown" : "no";
}

export function covering(matcher: Matcher | undefined, asked: Symbols, what: "action" | "resource"): { value: Ternary; unknowns: readonly string[] } {
	if (matcher === undefined) return { value: "yes", unknowns: [] };
	let listed: Ternary = "no";
	const unknowns: string[] = [];
	for (const { symbols, unknowns: own } of resolved(matcher, what)) {
		const fits = matches(symbols, asked);
		listed = or(listed, fits);
		if (fits === "unknown") unknowns.push(...own, ...asked.filter(isUnknownPart));
		if (listed === "yes") break;
	}
	const value = matcher.negated ? not(listed) : listed;
	return { value, unknowns: value === "unknown" ? unknowns : [] };
}

/** The patterns of a matcher while nothing is known of the request; asked again and again. */
const cache = new WeakMap<Matcher, readonly ResolvedText[]>();

function resolved(matcher: Matcher, what: "action" | "resource"): readonly ResolvedText[] {
	const known = cache.get(matcher);
	if (known !== undefined) return known;
	const texts: ResolvedText[] = [];
	for (const pattern of matcher.patterns) {
		const text = resolveText(pattern, () => "unknown");
		if (text !== undefined) texts.push(what === "action" ? { ...text, symbols: lowerCase(text.symbols) } : text);
	}
	cache.set(matcher, texts);
	return texts;
}

export interface DenyAnswer {
	readonly denied: Ternary;
	readonly by: readonly string[];
	readonly unknowns: readonly string[];
}

/** Whether one Deny certainly covers all that is asked about. */
export function deniedAltogether(denials: readonly Denial[], asked: { readonly action: Symbols; readonly resource: Symbols }): DenyAnswer {
	let denied: Ternary = "no";
	const by: string[] = [];
	const unknowns: string[] = [];
	for (const denial of denials) {
		const action = covering(denial.statement.action, asked.action, "action");
		if (certainly(action) === "no") continue;
		const resource = covering(denial.statement.resource, asked.resource, "resource");
		const all = and(certainly(action), certainly(resource), denial.holds);
		denied = or(denied, all);
		if (all === "yes") by.push(denial.label);
		if (all === "unknown") unknowns.push(...action.unknowns, ...resource.unknowns, ...denial.unknowns);
	}
	return { denied, by, unknowns: denied === "unknown" ? [...new Set(unknowns)] : [] };
}

function deniesEveryone({ principal }: Statement): Ternary {
	if (principal === undefined) return "yes";
	if (principal.negated) return "no";
	if (principal.entries.some(({ type }) => type === "*")) return "yes";
	return principal.entries.some(({ type }) => type === "unknown") ? "unknown" : "no";
}

/** Patterns of a statement as written; what a negated element leaves is `*`, of which only a full Deny takes everything. */
export function patternsOf(matcher: Matcher | undefined): string[] {
	return matcher === undefined || matcher.negated ? ["*"] : matcher.patterns.map(({ text }) => text);
}

export interface ConditionFact {
	/** As written. */
	readonly operator: string;
	readonly key: string;
	readonly values: readonly string[];
}

export function conditionFacts(clauses: readonly Clause[]): ConditionFact[] {
	return clauses.map(({ operatorText, key, values }) => ({ operator: operatorText, key, values: values.map(({ text }) => text) }));
}

/** Placeholders anywhere in a statement. */
export function placeholdersOf(statement: Statement): string[] {
	const texts = [
		...statement.action.patterns,
		...(statement.resource?.patterns ?? []),
		...(statement.principal?.entries ?? []).map(({ value }) => value),
		...statement.conditions.flatMap(({ values }) => values),
	];
	const names = texts.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === "unknown" ? [part.name] : [])));
	return [...new Set([...names, ...statement.conditions.filter(({ operator }) => operator === undefined).map(({ key }) => key)])];
}
