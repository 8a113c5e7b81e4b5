import { actionQuestion, type ConditionFact, certainly, conditionFacts, covering, type Policies, patternsOf, statementsOf } from "./analysis.ts";
import { isAccountId } from "./arn.ts";
import { type Limit, limitsOf } from "./limits.ts";
import type { PrincipalEntry } from "./policy.ts";
import { isOneThing, isOwnAccount, isOwnArn } from "./references.ts";
import { or, type Ternary } from "./ternary.ts";

export interface ExternalPrincipal {
	readonly statement: string;
	readonly type: "AWS" | "Federated" | "CanonicalUser";
	/** As written in the policy, or the value of a condition. */
	readonly principal: string;
	/** 12 digits; `cloudfront` for an origin access identity; null where the text does not say (canonical id, deleted principal, web identity). */
	readonly account: string | null;
	readonly via: "principal" | "condition";
	/** `unknown` where a plan's placeholder decides whether it is another account. */
	readonly external: "yes" | "unknown";
}

/**
 * Whom Allow statements admit outside the own account: by name, or as a value of a condition on the caller's or source's account
 * (aws:PrincipalAccount, aws:SourceAccount, aws:PrincipalArn, aws:SourceArn ...). Everyone ("*") is publicStatements' matter and
 * services are servicePrincipals'. Deny statements are not weighed: what is named is named.
 */
export function externalPrincipals(policies: Policies, ownAccount: string): ExternalPrincipal[] {
	const found: ExternalPrincipal[] = [];
	for (const { statement, label } of statementsOf(policies)) {
		if (statement.effect === "Deny") continue;
		for (const entry of statement.principal?.negated === false ? statement.principal.entries : []) {
			const type = entry.type;
			if (type !== "AWS" && type !== "Federated" && type !== "CanonicalUser" && type !== "unknown") continue;
			const { account, external } = accountOf(entry.value.text, ownAccount);
			// Wildcards stand for anybody.
			if (external === "no" || (type === "AWS" && /[*?]/.test(account ?? ""))) continue;
			found.push({
				statement: label,
				type: type === "unknown" ? "AWS" : type,
				principal: entry.value.text,
				account,
				via: "principal",
				external: type === "unknown" ? "unknown" : external,
			});
		}
		for (const limit of limitsOf(statement.conditions)) {
			if (limit.kind !== "account" && limit.kind !== "principal" && limit.kind !== "source") continue;
			for (const value of limit.values) {
				const { account, external } = accountOf(value, ownAccount);
				// A bucket's ARN, a user id and "*" name no account.
				if (external === "no" || (account === null && external === "yes")) continue;
				found.push({ statement: label, type: "AWS", principal: value, account, via: "condition", external });
			}
		}
	}
	return found;
}

/** The account that a principal or ARN belongs to. */
function accountOf(text: string, ownAccount: string): { account: string | null; external: Ternary } {
	if (isAccountId(text)) return { account: text, external: text === ownAccount ? "no" : "yes" };
	if (isOwnAccount(text) || isOwnArn(text) || /^\$\{aws:resourceaccount\}$/i.test(text)) return { account: ownAccount, external: "no" };
	const account = /^arn:[^:]*:[^:]*:[^:]*:([^:]*):/.exec(text)?.[1];
	if (account !== undefined) {
		if (account === ownAccount || isOwnAccount(account)) return { account: ownAccount, external: "no" };
		if (account.includes("${")) return { account: null, external: "unknown" };
		return account === "" ? { account: null, external: "yes" } : { account, external: "yes" };
	}
	return { account: null, external: text.includes("${") ? "unknown" : "yes" };
}

export interface ServicePrincipal {
	readonly statement: string;
	/** `ses.amazonaws.com`; "*" for any service. */
	readonly service: string;
	readonly actions: readonly string[];
	readonly resources: readonly string[];
	/** Whether a condition ties its calls to known accounts, organizations or sources (the confused deputy problem). */
	readonly bound: Ternary;
	readonly boundBy: readonly Limit[];
	/** A condition on kms:EncryptionContext:aws:logs:arn that names one account, which CloudWatch Logs supplies in their place. */
	readonly logsEncryptionContext: Ternary;
	readonly conditions: readonly ConditionFact[];
}

/** Services that Allow statements admit, one entry per statement and service. */
export function servicePrincipals(policies: Policies): ServicePrincipal[] {
	const found: ServicePrincipal[] = [];
	for (const { statement, label } of statementsOf(policies)) {
		if (statement.effect === "Deny" || statement.principal === undefined || statement.principal.negated) continue;
		const limits = limitsOf(statement.conditions);
		const boundBy = limits.filter(
			({ kind, key }) => kind === "source" || (kind !== "vpc" && kind !== "network" && /^aws:source|^kms:calleraccount$/i.test(key)),
		);
		for (const entry of statement.principal.entries) {
			if (entry.type !== "Service") continue;
			found.push({
				statement: label,
				service: entry.value.text,
				actions: statement.action.negated ? ["*"] : patternsOf(statement.action),
				resources: patternsOf(statement.resource),
				bound: or(...boundBy.map((limit): Ternary => limit.limits)),
				boundBy,
				logsEncryptionContext: logsContext(conditionFacts(statement.conditions)),
				conditions: conditionFacts(statement.conditions),
			});
		}
	}
	return found;
}

function logsContext(conditions: readonly ConditionFact[]): Ternary {
	let named: Ternary = "no";
	for (const { operator, key, values } of conditions) {
		if (key.toLowerCase() !== "kms:encryptioncontext:aws:logs:arn" || !/^(?:arn(?:like|equals)|string(?:like|equals))$/i.test(operator) || values.length === 0)
			continue;
		const accounts = values.map((value) => /^arn:[^:]*:logs:[^:]*:([^:]*):/.exec(value)?.[1]);
		if (accounts.every((account, at) => (account === undefined ? isOwnArn(values[at] ?? "") : isAccountId(account) || isOneThing(account)))) return "yes";
		if (values.some((value) => value.includes("${"))) named = "unknown";
	}
	return named;
}

export interface Holder {
	/** As written; "*" for everyone. */
	readonly principal: string;
	readonly type: PrincipalEntry["type"];
	/** Stands for a whole account: `arn:aws:iam::<account>:root` or its number. */
	readonly isAccount: boolean;
	/** Those of the actions asked about that it is allowed. */
	readonly actions: readonly string[];
	/** Those of which a placeholder decides. */
	readonly maybe: readonly string[];
	readonly statements: readonly string[];
}

/** Who holds which of the actions in a resource's policies, all statements of a principal taken together. Conditions and Deny are not weighed. */
export function holdersOf(policies: Policies, actions: readonly string[]): Holder[] {
	const found = new Map<string, { entry: PrincipalEntry; actions: Set<string>; maybe: Set<string>; statements: Set<string> }>();
	for (const { statement, label } of statementsOf(policies)) {
		if (statement.effect === "Deny" || statement.principal === undefined) continue;
		const held = actions
			.map((action) => ({ action, value: certainly(covering(statement.action, actionQuestion(action), "action")) }))
			.filter(({ value }) => value !== "no");
		if (held.length === 0) continue;
		for (const entry of statement.principal.entries) {
			const name = statement.principal.negated ? `all but ${entry.value.text}` : entry.value.text;
			const holder = found.get(`${entry.type} ${name}`) ?? {
				entry: { ...entry, value: { ...entry.value, text: name } },
				actions: new Set(),
				maybe: new Set(),
				statements: new Set(),
			};
			found.set(`${entry.type} ${name}`, holder);
			holder.statements.add(label);
			for (const { action, value } of held) (value === "yes" && statement.effect === "Allow" ? holder.actions : holder.maybe).add(action);
		}
	}
	return [...found.values()].map(({ entry, actions, maybe, statements }) => ({
		principal: entry.value.text,
		type: entry.type,
		isAccount:
			entry.type === "AWS" && (isAccountId(entry.value.text) || /^arn:[^:]*:iam::[^:]*:root$/.test(entry.value.text) || isOwnAccount(entry.value.text)),
		actions: [...actions],
		maybe: [...maybe].filter((action) => !actions.has(action)),
		statements: [...statements],
	}));
}
