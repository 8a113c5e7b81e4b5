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
	placeholdersOf,
	resourceQuestion,
	statementsOf,
} from "./analysis.ts";
import { covers } from "./glob.ts";
import type { Clause, Statement } from "./policy.ts";
import { isOneThing } from "./references.ts";
import { and, not, or, type Ternary } from "./ternary.ts";
import { type PolicyText, questionSymbols } from "./text.ts";

export interface WideGrant {
	readonly statement: string;
	/** Those of the actions asked about that it gives. */
	readonly actions: readonly string[];
	readonly resources: readonly string[];
	readonly conditions: readonly ConditionFact[];
	/** `unknown` where a plan's placeholders decide. */
	readonly wide: "yes" | "unknown";
	readonly dependsOn: readonly string[];
}

/**
 * Allow statements that give one of the actions on everything of a type (`key/*`), in whatever account and Region, by `*`, by a
 * pattern or by a NotResource; and that neither a limiting condition nor a Deny without conditions narrows.
 */
export function wideGrants(policies: Policies, actions: readonly string[], type: string, limits: (key: string) => boolean): WideGrant[] {
	const all = statementsOf(policies);
	const denials = denialsOf(all, nothingKnown);
	const found: WideGrant[] = [];
	for (const { statement, label } of all) {
		if (statement.effect === "Deny") continue;
		const reach = and(reachOf(statement, type), not(limitedBy(statement.conditions, limits)), statement.effect === "unknown" ? "unknown" : "yes");
		const given = actions.map((action) => {
			const asked = actionQuestion(action);
			const denied = deniedAltogether(denials, { action: asked, resource: resourceQuestion("*") }).denied;
			return { action, value: and(certainly(covering(statement.action, asked, "action")), reach, not(denied)) };
		});
		const wide = or(...given.map(({ value }) => value));
		if (wide === "no") continue;
		found.push({
			statement: label,
			actions: given.filter(({ value }) => value === wide).map(({ action }) => action),
			resources: statement.resource?.patterns.map(({ text }) => text) ?? [],
			conditions: conditionFacts(statement.conditions),
			wide,
			dependsOn: wide === "unknown" ? placeholdersOf(statement) : [],
		});
	}
	return found;
}

function reachOf({ resource }: Statement, type: string): Ternary {
	if (resource === undefined || resource.negated) return "yes";
	return or(...resource.patterns.map((pattern) => coversType(pattern, type)));
}

/** Whatever account and Region stand before it: what counts is the name at the end. */
export function coversType({ text, parts }: PolicyText, type: string): Ternary {
	const fields = text.split(":");
	const [only] = parts;
	if (parts.length === 1 && only?.kind === "unknown") return isOneThing(only.name) ? "no" : "unknown";
	const name = fields.length < 6 ? text : fields.slice(5).join(":");
	// `arn:aws:kms:*` runs over the colons.
	if (covers(questionSymbols(name, true), questionSymbols(type, true)) || (fields.length < 6 && text.endsWith("*"))) return "yes";
	return parts.some((part) => part.kind === "unknown" && !isOneThing(part.name)) ? "unknown" : "no";
}

/** A condition limits if it holds only where the key is there, and leaves something out. */
function limitedBy(clauses: readonly Clause[], limits: (key: string) => boolean): Ternary {
	return or(
		...clauses.map(({ key, operator, values }): Ternary => {
			if (operator === undefined) return "unknown";
			if (!limits(key.toLowerCase()) || operator.negated || operator.ifExists || operator.set === "ForAllValues" || operator.comparison === "null") return "no";
			if (values.some(({ parts }) => parts.every(({ kind }) => kind === "star"))) return "no";
			return operator.comparison === "stringLike" && values.some(({ parts }) => parts.every(({ kind }) => kind === "unknown")) ? "unknown" : "yes";
		}),
	);
}
