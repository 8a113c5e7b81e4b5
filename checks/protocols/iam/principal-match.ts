import { isAccountId, parseArn } from "./arn.ts";
import type { Caller } from "./caller.ts";
import { covers, glob, literal, nameless, overlaps, type Symbols } from "./glob.ts";
import type { PrincipalElement, PrincipalEntry } from "./policy.ts";
import { not, or, type Ternary, ternary } from "./ternary.ts";
import { fixedText, hasUnknown, resolveText } from "./text.ts";

/**
 * How a Principal element reaches a caller; it decides which other policies may still limit an Allow of a resource policy
 * (IAM User Guide, "Policy evaluation logic"):
 * - `direct`: the user or the session itself, or everyone: implicit denies of identity policies and boundaries do not matter;
 * - `role`: the role of the session: its boundary matters;
 * - `account`: the account, which leaves it to its identity policies.
 */
export interface Reach {
	readonly direct: Ternary;
	readonly role: Ternary;
	readonly account: Ternary;
	/** Names of what would have to be known. */
	readonly unknowns: readonly string[];
}

export const nobody: Reach = { direct: "no", role: "no", account: "no", unknowns: [] };

export function anyReach(reach: Reach): Ternary {
	return or(reach.direct, reach.role, reach.account);
}

export function reachOf(element: PrincipalElement, caller: Caller): Reach {
	if (!element.negated) return positiveReach(element.entries, caller);
	// The account's own ARN exempts the account, not its users and roles: all three must be listed, says the documentation.
	const named = positiveReach(element.entries, caller);
	const exempt = caller.kind === "root" ? anyReach(named) : or(named.direct, named.role);
	return { direct: not(exempt), role: "no", account: "no", unknowns: named.unknowns };
}

function positiveReach(entries: readonly PrincipalEntry[], caller: Caller): Reach {
	let { direct, role, account }: Reach = nobody;
	const unknowns: string[] = [];
	for (const entry of entries) {
		const one = entryReach(entry, caller);
		direct = or(direct, one.direct);
		role = or(role, one.role);
		account = or(account, one.account);
		unknowns.push(...one.unknowns);
	}
	return { direct, role, account, unknowns };
}

function reach(how: "direct" | "role" | "account", value: Ternary, unknowns: readonly string[] = []): Reach {
	return value === "no" ? nobody : { ...nobody, [how]: value, unknowns: value === "unknown" ? unknowns : [] };
}

function entryReach(entry: PrincipalEntry, caller: Caller): Reach {
	const { text } = entry.value;
	if (entry.type === "*") return reach("direct", "yes");
	if (entry.type === "unknown") return reach("direct", "unknown", [text]);
	if (caller.kind === "unknown" && caller.account === undefined) return reach("direct", "unknown", ["principal"]);
	const wanted = resolveText(entry.value, () => "unknown")?.symbols ?? [nameless];
	const isIt = (mine: string): Ternary => {
		const subject = literal(mine);
		if (covers(wanted, subject)) return "yes";
		return hasUnknown(entry.value) && overlaps(wanted, subject) ? "unknown" : "no";
	};
	switch (entry.type) {
		case "Service":
			return caller.kind === "service" ? reach("direct", text === "*" ? "yes" : isIt(caller.name), [text]) : nobody;
		case "Federated":
			return caller.kind === "federated" ? reach("direct", text === "*" ? "yes" : isIt(caller.name), [text]) : nobody;
		case "CanonicalUser":
			if (caller.kind === "canonicalUser") return reach("direct", isIt(caller.id), [text]);
			// Which account a canonical id belongs to is not written in it.
			return caller.kind === "root" || caller.kind === "user" || caller.kind === "role" || caller.kind === "session"
				? reach("account", "unknown", [`CanonicalUser ${text}`])
				: nobody;
		case "AWS":
			return awsReach(wanted, entry, caller, isIt);
	}
}

function awsReach(wanted: Symbols, entry: PrincipalEntry, caller: Caller, isIt: (mine: string) => Ternary): Reach {
	if (caller.kind === "service" || caller.kind === "federated" || caller.kind === "anonymous") return nobody;
	if (caller.kind === "canonicalUser") return reach("account", "unknown", ["principal"]);
	const { text } = entry.value;
	const fixed = fixedText(entry.value);
	const account = accountReach(text, wanted, entry, caller);
	if (account !== undefined) return account;
	// A wildcard inside a name means nothing to AWS, which refuses it; where it stands all the same, nothing is certain.
	if (fixed !== undefined && /[*?]/.test(fixed)) {
		const own = ownArns(caller).some((arn) => overlaps(glob(fixed), literal(arn)));
		return reach("direct", own ? "unknown" : "no", [text]);
	}
	if (caller.kind === "unknown")
		return reach("direct", parseArn(text)?.account === caller.account || hasUnknown(entry.value) ? "unknown" : "no", ["principal"]);
	if (caller.kind === "session") {
		if (isIt(caller.arn) !== "no") return reach("direct", isIt(caller.arn), [text]);
		const role = parseArn(text);
		// Names of roles are unique in an account, whatever their path.
		const same = role?.service === "iam" && role.account === caller.account && /^role\//.test(role.resource) && role.resource.split("/").at(-1) === caller.name;
		return same ? reach("role", "yes") : hasUnknown(entry.value) ? reach("role", "unknown", [text]) : nobody;
	}
	if (caller.kind === "role") {
		const own = isIt(caller.arn);
		if (own !== "no") return reach("role", own, [text]);
		const session = parseArn(text);
		const parts = session?.resource.split("/") ?? [];
		const mine = session?.service === "sts" && session.account === caller.account && parts[0] === "assumed-role" && parts[1] === caller.name;
		return mine ? reach("direct", "unknown", ["principal"]) : nobody;
	}
	return reach(caller.kind === "root" ? "account" : "direct", isIt(caller.arn), [text]);
}

/** `arn:aws:iam::<account>:root` or the account's number: everyone in the account, as far as the account lets them. */
function accountReach(text: string, wanted: Symbols, entry: PrincipalEntry, caller: Caller): Reach | undefined {
	const number = isAccountId(text) ? text : undefined;
	const root = /^arn:[^:]+:iam::(.*):root$/.exec(text)?.[1];
	const named = number ?? root;
	if (named === undefined) return undefined;
	if (caller.account === undefined) return reach("account", "unknown", ["principal"]);
	if (isAccountId(named)) return reach("account", ternary(named === caller.account));
	const subject = literal(`arn:aws:iam::${caller.account}:root`);
	const possible = hasUnknown(entry.value) ? overlaps(wanted, subject) : overlaps(glob(text), subject);
	return reach("account", possible ? "unknown" : "no", [text]);
}

function ownArns(caller: Caller): string[] {
	if (caller.kind === "session") return [caller.arn, `arn:aws:iam::${caller.account ?? ""}:role/${caller.name}`];
	return "arn" in caller ? [caller.arn] : [];
}
