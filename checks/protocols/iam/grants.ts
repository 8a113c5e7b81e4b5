import {
	actionQuestion,
	type ConditionFact,
	certainly,
	conditionFacts,
	covering,
	denialsOf,
	deniedAltogether,
	nothingKnown,
	type Policies,
	pairsOf,
	patternsOf,
	placeholdersOf,
	resourceQuestion,
	statementsOf,
} from "./analysis.ts";
import type { Matcher, Statement } from "./policy.ts";
import { and, not, or, type Ternary } from "./ternary.ts";

export interface Grant {
	readonly statement: string;
	readonly effect: Statement["effect"];
	/** Patterns as written; empty where the negated element stands. */
	readonly actions: readonly string[];
	readonly notActions: readonly string[];
	/** Empty in both where there is no Resource: the resource that the policy is attached to. */
	readonly resources: readonly string[];
	readonly notResources: readonly string[];
	readonly conditions: readonly ConditionFact[];
	/** Placeholders of a plan anywhere in the statement. */
	readonly unknown: readonly string[];
}

/** Every statement in one form, Deny included, in the order of the documents. */
export function grantsOf(policies: Policies): Grant[] {
	const texts = (matcher: Matcher | undefined, negated: boolean): string[] =>
		matcher !== undefined && matcher.negated === negated ? matcher.patterns.map(({ text }) => text) : [];
	return statementsOf(policies).map(({ statement, label }) => ({
		statement: label,
		effect: statement.effect,
		actions: texts(statement.action, false),
		notActions: texts(statement.action, true),
		resources: texts(statement.resource, false),
		notResources: texts(statement.resource, true),
		conditions: conditionFacts(statement.conditions),
		unknown: placeholdersOf(statement),
	}));
}

/** Patterns of one statement that are asked about one by one. */
const maxNarrow = 100;

export interface AllowHit {
	readonly statement: string;
	/** As asked. */
	readonly action: string;
	readonly resource: string;
	/** Under which it is allowed; empty: always. */
	readonly conditions: readonly ConditionFact[];
	readonly certain: boolean;
}

export interface AllowsAnswer {
	/** Whether at least one of the actions is allowed, under whatever condition; `unknown` where a plan's placeholders decide. */
	readonly verdict: Ternary;
	readonly hits: readonly AllowHit[];
	readonly dependsOn: readonly string[];
}

/**
 * Which of the actions the Allow statements give, and no Deny without conditions takes back. An action asked about may be a
 * pattern (`*`, `ses:*`) and must be given as a whole. A resource may be a pattern; with `resources: "all"` (the default) the
 * statement must cover all that it stands for (`arn:aws:kms:us-east-1:111122223333:key/*`: all keys), with "any" one is enough.
 * Principals are not looked at.
 */
export function allowsAny(
	policies: Policies,
	actions: readonly string[],
	resources: readonly string[],
	options: { resources?: "all" | "any" } = {},
): AllowsAnswer {
	const all = statementsOf(policies);
	const denials = denialsOf(all, nothingKnown);
	const hits: AllowHit[] = [];
	const dependsOn = new Set<string>();
	let verdict: Ternary = "no";
	for (const { statement, label } of all) {
		if (statement.effect === "Deny") continue;
		for (const action of actions) {
			const asked = actionQuestion(action);
			const given = covering(statement.action, asked, "action");
			if (certainly(given) === "no") continue;
			for (const resource of resources) {
				const reached = covering(statement.resource, resourceQuestion(resource), "resource");
				const reach = options.resources === "any" ? (reached.value === "unknown" && reached.unknowns.length === 0 ? "yes" : reached.value) : certainly(reached);
				if (reach === "no") continue;
				const narrow = options.resources === "any" && certainly(reached) !== "yes" ? pairsOf(statement, maxNarrow).map((pair) => pair.resource) : [resource];
				let denied: Ternary = "yes";
				for (const one of narrow) {
					const answer = deniedAltogether(denials, { action: asked, resource: resourceQuestion(one) });
					denied = and(denied, answer.denied);
					for (const name of answer.unknowns) dependsOn.add(name);
				}
				const left = and(certainly(given), reach, not(denied), statement.effect === "unknown" ? "unknown" : "yes");
				if (left === "no") continue;
				verdict = or(verdict, left);
				if (left === "unknown") for (const name of [...given.unknowns, ...reached.unknowns]) dependsOn.add(name);
				hits.push({ statement: label, action, resource, conditions: conditionFacts(statement.conditions), certain: left === "yes" });
			}
		}
	}
	return { verdict, hits, dependsOn: verdict === "unknown" ? [...dependsOn] : [] };
}

export interface OnlyAnswer {
	readonly verdict: Ternary;
	/** What is allowed beside the actions asked about, as written; `*` for what a NotAction leaves. */
	readonly others: readonly { readonly statement: string; readonly action: string; readonly certain: boolean }[];
}

/** Whether the Allow statements give nothing but these actions. Deny is not weighed: it may go, the Allow stays. */
export function allowsOnly(policies: Policies, actions: readonly string[]): OnlyAnswer {
	const within: Matcher = { negated: false, patterns: actions.map((text) => ({ text, parts: [{ kind: "text", text }] })) };
	const others: { statement: string; action: string; certain: boolean }[] = [];
	let verdict: Ternary = "yes";
	for (const { statement, label } of statementsOf(policies)) {
		if (statement.effect === "Deny") continue;
		for (const action of patternsOf(statement.action)) {
			const inside = certainly(covering(within, actionQuestion(action), "action"));
			if (inside === "yes") continue;
			const outside: Ternary = inside === "unknown" || statement.effect === "unknown" ? "unknown" : "no";
			verdict = and(verdict, outside);
			others.push({ statement: label, action, certain: outside === "no" });
		}
	}
	return { verdict, others };
}
