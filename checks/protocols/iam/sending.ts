import { sesSendingActions } from "../../data/iam-actions/ses.ts";
import { actionQuestion, certainly, covering, type Policies, statementsOf } from "./analysis.ts";
import { type Grant, grantsOf } from "./grants.ts";
import type { Clause } from "./policy.ts";
import { and, or, type Ternary } from "./ternary.ts";
import { coversType } from "./wide-reach.ts";

export interface SendingGrant extends Grant {
	/** The sending actions of SES that it gives for certain. */
	readonly sends: readonly string[];
	/** Those of which a plan's placeholders decide. */
	readonly maybeSends: readonly string[];
	/** Gives `ses:*`, by whatever pattern. */
	readonly wholeService: Ternary;
	/** Its Resource, or what a NotResource leaves, covers everything (`*`), every identity, or every configuration set. */
	readonly everyResource: Ternary;
	/** Has a condition on ses:FromAddress that leaves something out and holds only where the key is there. */
	readonly fromAddress: Ternary;
}

const types = ["identity/*", "configuration-set/*"];

/** Allow statements that let someone send mail through SES. Deny is not weighed. */
export function sendingGrants(policies: Policies): SendingGrant[] {
	const found: SendingGrant[] = [];
	const grants = grantsOf(policies);
	for (const [at, { statement }] of statementsOf(policies).entries()) {
		const grant = grants[at];
		if (grant === undefined || statement.effect === "Deny") continue;
		const unsure: Ternary = statement.effect === "unknown" ? "unknown" : "yes";
		const given = (action: string): Ternary => and(certainly(covering(statement.action, actionQuestion(action), "action")), unsure);
		const sends = sesSendingActions.actions.filter((action) => given(action) === "yes");
		const maybeSends = sesSendingActions.actions.filter((action) => given(action) === "unknown");
		if (sends.length + maybeSends.length === 0) continue;
		const everyResource =
			statement.resource === undefined || statement.resource.negated
				? "yes"
				: or(...statement.resource.patterns.flatMap((pattern) => types.map((type) => coversType(pattern, type))));
		found.push({ ...grant, sends, maybeSends, wholeService: given("ses:*"), everyResource, fromAddress: or(...statement.conditions.map(limitsSender)) });
	}
	return found;
}

function limitsSender({ key, operator, values }: Clause): Ternary {
	if (key.toLowerCase() !== "ses:fromaddress" || operator === undefined) return operator === undefined ? "unknown" : "no";
	if (operator.ifExists || operator.set === "ForAllValues" || !operator.comparison.startsWith("string")) return "no";
	if (operator.negated) return "no";
	let limits: Ternary = "yes";
	for (const { parts } of values) {
		if (parts.every(({ kind }) => kind === "star")) return "no";
		if (parts.some(({ kind }) => kind === "unknown") && operator.comparison === "stringLike" && !parts.some(({ kind }) => kind === "text")) limits = "unknown";
	}
	return limits;
}
