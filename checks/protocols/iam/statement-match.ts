import { matchesAction } from "./arn.ts";
import { conditionsHold, variableOf } from "./condition.ts";
import type { RequestContext } from "./context.ts";
import { isUnknownPart, matches, type Symbols } from "./glob.ts";
import type { Matcher, Statement } from "./policy.ts";
import { and, not, or, type Ternary } from "./ternary.ts";
import { resolveText } from "./text.ts";

/** What is asked for. Both may be patterns; the answer then says what holds for everything that they stand for. */
export interface Request {
	readonly action: Symbols;
	readonly resource: Symbols;
	readonly context: RequestContext;
}

export interface StatementMatch {
	readonly applies: Ternary;
	readonly unknowns: readonly string[];
}

const doesNot: StatementMatch = { applies: "no", unknowns: [] };

/** Whether action, resource and conditions of a statement fit the request; its principal and effect are looked at elsewhere. */
export function matchStatement(statement: Statement, request: Request): StatementMatch {
	const action = matchMatcher(statement.action, request, "action");
	if (action.applies === "no") return doesNot;
	const resource = statement.resource === undefined ? undefined : matchMatcher(statement.resource, request, "resource");
	if (resource?.applies === "no") return doesNot;
	const conditions = conditionsHold(statement.conditions, request.context);
	if (conditions.holds === "no") return doesNot;
	return {
		applies: and(action.applies, resource?.applies ?? "yes", conditions.holds),
		unknowns: [...action.unknowns, ...(resource?.unknowns ?? []), ...conditions.unknowns],
	};
}

export function matchMatcher(matcher: Matcher, request: Request, what: "action" | "resource"): StatementMatch {
	let listed: Ternary = "no";
	const unknowns: string[] = [];
	const variable = variableOf(request.context);
	const subject = what === "action" ? request.action : request.resource;
	for (const pattern of matcher.patterns) {
		const resolved = resolveText(pattern, variable);
		// A variable that has no value makes the statement void, the negated one too.
		if (resolved === undefined) {
			if (matcher.negated) return doesNot;
			continue;
		}
		const fits = what === "action" ? matchesAction(resolved.symbols, subject) : matches(resolved.symbols, subject);
		listed = or(listed, fits);
		if (fits === "unknown") unknowns.push(...resolved.unknowns, ...subject.filter(isUnknownPart));
		if (listed === "yes") break;
	}
	const applies = matcher.negated ? not(listed) : listed;
	return { applies, unknowns: applies === "unknown" ? unknowns : [] };
}
