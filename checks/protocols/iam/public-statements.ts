import {
	actionQuestion,
	type ConditionFact,
	conditionFacts,
	denialsOf,
	deniedAltogether,
	maxPairs,
	type Policies,
	pairsOf,
	placeholdersOf,
	resourceQuestion,
	statementsOf,
} from "./analysis.ts";
import { holdsForStrangers, type Limit, type LimitKind, limitsOf } from "./limits.ts";
import type { Statement } from "./policy.ts";
import { and, not, or, type Ternary } from "./ternary.ts";

export interface PublicOptions {
	/** Limits that make a statement not public. Networks are left out by default: an address is no identity. */
	readonly limitedBy?: readonly LimitKind[];
}

export interface PublicStatement {
	readonly statement: string;
	/** `unknown` where a plan's placeholders decide. */
	readonly open: "yes" | "unknown";
	/** What is open, as written and not taken back by a Deny; `*` for what a NotAction leaves. */
	readonly actions: readonly string[];
	readonly resources: readonly string[];
	/** Principals that a NotPrincipal leaves out. */
	readonly except: readonly string[];
	readonly conditions: readonly ConditionFact[];
	/** Limits that are there but of a kind not asked for, such as a network. */
	readonly limits: readonly Limit[];
	readonly dependsOn: readonly string[];
}

const identities: readonly LimitKind[] = ["account", "organization", "principal", "source", "vpc"];

/**
 * Allow statements of a resource's policies that anybody may use: Principal "*" or {"AWS": "*"}, a NotPrincipal, or a wildcard
 * in the place of an account, without a condition that limits the caller (limitsOf), and not taken back by a Deny that certainly
 * holds for strangers. Empty: none is public.
 */
export function publicStatements(policies: Policies, options: PublicOptions = {}): PublicStatement[] {
	const kinds = new Set(options.limitedBy ?? identities);
	const all = statementsOf(policies);
	const denials = denialsOf(all, (clauses) => holdsForStrangers(clauses, kinds));
	const found: PublicStatement[] = [];
	let budget = maxPairs;
	for (const { statement, label } of all) {
		if (statement.effect === "Deny" || statement.principal === undefined) continue;
		const limits = limitsOf(statement.conditions);
		const limited = or(...limits.filter(({ kind }) => kinds.has(kind)).map((limit): Ternary => limit.limits), wholeUnknown(statement));
		const admitted = and(admitsEveryone(statement), not(limited), statement.effect === "unknown" ? "unknown" : "yes");
		if (admitted === "no") continue;
		let open: Ternary = "no";
		const actions = new Set<string>();
		const resources = new Set<string>();
		const dependsOn = new Set(admitted === "unknown" ? placeholdersOf(statement) : []);
		const pairs = pairsOf(statement, budget);
		budget -= pairs.length;
		for (const { action, resource } of pairs) {
			const denied = deniedAltogether(denials, { action: actionQuestion(action), resource: resourceQuestion(resource) });
			const left = and(admitted, not(denied.denied));
			if (left === "no") continue;
			open = or(open, left);
			actions.add(action);
			resources.add(resource);
			for (const name of denied.unknowns) dependsOn.add(name);
		}
		if (open === "no") continue;
		const except = statement.principal.negated ? statement.principal.entries.map(({ value }) => value.text) : [];
		found.push({
			statement: label,
			open,
			actions: [...actions],
			resources: [...resources],
			except,
			conditions: conditionFacts(statement.conditions),
			limits,
			dependsOn: [...dependsOn],
		});
	}
	return found;
}

function admitsEveryone({ principal }: Statement): Ternary {
	if (principal === undefined) return "no";
	if (principal.negated) return principal.entries.some(({ type }) => type === "*") ? "no" : "yes";
	let admits: Ternary = "no";
	for (const { type, value } of principal.entries) {
		if (type === "*") return "yes";
		if (
			type === "unknown" ||
			(type === "AWS" && value.parts.length === 1 && value.parts[0]?.kind === "unknown" && !/\.(?:arn|account_id|unique_id)\}$/.test(value.text))
		)
			admits = "unknown";
		// AWS refuses a wildcard in the place of the account; if it did not, this is what it would say.
		else if (type === "AWS" && /^(?:[*?]+|arn:[^:]*:(?:iam|sts)::[^:]*[*?][^:]*:.*)$/.test(value.text)) return "yes";
		else if (type === "Federated" && value.text === "*") return "yes";
	}
	return admits;
}

/** A Condition of which nothing is known may hold a limit. */
function wholeUnknown(statement: Statement): Ternary {
	return statement.conditions.some(({ operator }) => operator === undefined) ? "unknown" : "no";
}
