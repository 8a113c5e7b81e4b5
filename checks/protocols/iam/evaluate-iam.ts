import { isAccountId, parseArn } from "./arn.ts";
import { type Caller, isServiceLinked, readCaller } from "./caller.ts";
import { readContext, withImpliedKeys } from "./context.ts";
import { isParsed, parsePolicy } from "./parse-policy.ts";
import type { Statement } from "./policy.ts";
import { anyReach, type Reach, reachOf } from "./principal-match.ts";
import type { IamAnswer, IamQuestion, Prepared, Source } from "./question.ts";
import { decidedByCases } from "./refine.ts";
import { matchStatement, type Request } from "./statement-match.ts";
import { and, or, type Ternary } from "./ternary.ts";
import { questionSymbols } from "./text.ts";

interface Fact {
	readonly label: string;
	readonly unknowns: readonly string[];
	readonly allow: Ternary;
	readonly deny: Ternary;
	readonly reach: Reach;
}

interface Facts {
	readonly identity: readonly Fact[];
	readonly resource: readonly Fact[] | undefined;
	readonly boundary: readonly Fact[] | undefined;
	readonly scps: readonly (readonly Fact[])[];
}

/**
 * What AWS would answer (IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic"), from the
 * policies given. `depends` only where some values of what is not known lead to allowed and others do not; denied both ways is
 * implicit_deny. Session policies and resource control policies are not asked for. For KMS keys and roles, whose policy must
 * allow as well, the resource's policy counts where it is given. Never throws; work is linear in the policies.
 */
export function evaluateIam(question: IamQuestion): IamAnswer {
	const prepared = prepare(question);
	const first = answer(prepared, question.context ?? {});
	const refined = first.decision === "depends" ? decidedByCases(prepared, first, answer) : first;
	return prepared.problems.length === 0 ? refined : { ...refined, problems: [...prepared.problems] };
}

function prepare(question: IamQuestion): Prepared {
	const problems: { where: string; code: "malformed" | "too_large"; message: string }[] = [];
	const read = (documents: readonly unknown[], where: (index: number) => string, principal: "forbidden" | "required"): Source[] => {
		const sources: Source[] = [];
		for (const [index, document] of documents.entries()) {
			const at = where(index);
			const parsed = isParsed(document) ? ({ ok: true, policy: document } as const) : parsePolicy(document);
			if (!parsed.ok) {
				problems.push({ where: parsed.error.path === "" ? at : `${at}.${parsed.error.path}`, code: parsed.error.code, message: parsed.error.message });
				continue;
			}
			const wrong = parsed.policy.statements.find((statement) => misplaced(statement, principal));
			if (wrong === undefined) sources.push({ where: at, policy: parsed.policy });
			else {
				const message =
					principal === "required" ? "a resource policy must name its Principal" : "an identity policy has no Principal and must name its Resource";
				problems.push({ where: `${at}.Statement[${wrong.index}]`, code: "malformed", message });
			}
		}
		return sources;
	};
	const caller = readCaller(question.principal);
	const arn = parseArn(question.resource);
	const owner = question.resourceAccount ?? (arn !== undefined && isAccountId(arn.account) ? arn.account : undefined);
	const given = question.resourcePolicy;
	return {
		question,
		caller,
		identity: read(question.identityPolicies ?? [], (index) => `identityPolicies[${index}]`, "forbidden"),
		resource:
			given === undefined || given === null
				? undefined
				: read(Array.isArray(given) ? given : [given], (index) => (Array.isArray(given) ? `resourcePolicy[${index}]` : "resourcePolicy"), "required"),
		boundary: question.boundary === undefined || question.boundary === null ? undefined : read([question.boundary], () => "boundary", "forbidden"),
		scps: (question.scps ?? []).map((level, at) =>
			read(Array.isArray(level) ? level : [level], (index) => (Array.isArray(level) ? `scps[${at}][${index}]` : `scps[${at}]`), "forbidden"),
		),
		sameAccount: owner === undefined || caller.account === undefined || owner === caller.account,
		resourceAccount: owner,
		problems,
	};
}

function misplaced(statement: Statement, principal: "forbidden" | "required"): boolean {
	if (statement.effect === "unknown") return false;
	if (principal === "required") return statement.principal === undefined;
	return statement.principal !== undefined || statement.resource === undefined;
}

/** One evaluation, by three-valued logic. */
export function answer(prepared: Prepared, given: Readonly<Record<string, unknown>>): IamAnswer {
	const { question, caller } = prepared;
	const context = withImpliedKeys(readContext(given), caller, question.resource, prepared.resourceAccount);
	const request: Request = { action: questionSymbols(question.action, false), resource: questionSymbols(question.resource, false), context };
	const gather = (sources: readonly Source[]): Fact[] => sources.flatMap((source) => factsOf(source, request, caller));
	const facts: Facts = {
		identity: gather(prepared.identity),
		resource: prepared.resource === undefined ? undefined : gather(prepared.resource),
		boundary: prepared.boundary === undefined ? undefined : gather(prepared.boundary),
		scps: scpsApply(caller) ? prepared.scps.map(gather) : [],
	};
	const all = [...facts.identity, ...(facts.resource ?? []), ...(facts.boundary ?? []), ...facts.scps.flat()];
	const deny = or(...all.map((fact) => fact.deny));
	if (deny === "yes") return { decision: "explicit_deny", statements: labels(all.filter((fact) => fact.deny === "yes")) };
	const allow = allowed(facts, prepared);
	const allows = all.filter((fact) => fact.allow === "yes");
	if (allow === "no") return { decision: "implicit_deny", statements: [] };
	if (allow === "yes" && deny === "no") return { decision: "allowed", statements: labels(allows) };
	const open = all.filter((fact) => (fact.allow === "unknown" && allow === "unknown") || fact.deny === "unknown");
	return { decision: "depends", dependsOn: distinct(open.flatMap(({ unknowns }) => unknowns)), statements: labels(open) };
}

function factsOf({ where, policy }: Source, request: Request, caller: Caller): Fact[] {
	const facts: Fact[] = [];
	for (const statement of policy.statements) {
		const match = matchStatement(statement, request);
		if (match.applies === "no") continue;
		const reach = where.startsWith("resourcePolicy") ? (statement.principal === undefined ? undefined : reachOf(statement.principal, caller)) : everyone;
		if (reach === undefined || anyReach(reach) === "no") continue;
		const applies = and(match.applies, anyReach(reach));
		const fact = {
			label: statement.sid !== undefined && statement.sid !== "" ? statement.sid : `${where}.Statement[${statement.index}]`,
			unknowns: [...match.unknowns, ...reach.unknowns, ...(statement.effect === "unknown" ? statement.action.patterns.map(({ text }) => text) : [])],
			reach: { ...reach, direct: and(reach.direct, match.applies), role: and(reach.role, match.applies), account: and(reach.account, match.applies) },
		};
		if (statement.effect === "unknown") facts.push({ ...fact, allow: "unknown", deny: "unknown" });
		else if (statement.effect === "Allow") facts.push({ ...fact, allow: applies, deny: "no" });
		else facts.push({ ...fact, allow: "no", deny: applies });
	}
	return facts;
}

const everyone: Reach = { direct: "yes", role: "no", account: "no", unknowns: [] };

/** SCPs bind the users, roles and root of a member account; services and service-linked roles they do not. */
function scpsApply(caller: Caller): boolean {
	return caller.kind !== "service" && caller.kind !== "anonymous" && caller.kind !== "federated" && !isServiceLinked(caller);
}

function allowed(facts: Facts, { caller, sameAccount, question }: Prepared): Ternary {
	const any = (list: readonly Fact[]): Ternary => or(...list.map((fact) => fact.allow));
	const by = (how: "direct" | "role" | "account"): Ternary => or(...(facts.resource ?? []).map((fact) => and(fact.allow, fact.reach[how])));
	const scps = and(...facts.scps.map(any));
	const boundary = facts.boundary === undefined ? "yes" : any(facts.boundary);
	// The root user has every permission in its account, and no identity policy or boundary.
	const identity = caller.kind === "root" ? "yes" : and(any(facts.identity), boundary);
	const direct = by("direct");
	const role = and(by("role"), boundary);
	const fromResource = or(direct, by("role"), by("account"));
	if (caller.kind === "service" || caller.kind === "anonymous" || caller.kind === "federated") return direct;
	const mustAllow = facts.resource !== undefined && needsResourcePolicy(question);
	const within = and(scps, or(direct, role, and(identity, mustAllow ? fromResource : "yes")));
	const across = and(scps, identity, fromResource);
	return sameAccount ? within : across;
}

/** A key or a role is out of reach of its account's identity policies unless its own policy lets them in. */
function needsResourcePolicy({ action, resource }: IamQuestion): boolean {
	const arn = parseArn(resource);
	return (arn?.service === "kms" && arn.resource.startsWith("key/")) || (/^sts:assumerole/i.test(action) && arn?.resource.startsWith("role/") === true);
}

function labels(facts: readonly Fact[]): string[] {
	return [...new Set(facts.map(({ label }) => label))];
}

function distinct(names: readonly string[]): string[] {
	const seen = new Map<string, string>();
	for (const name of names) if (!seen.has(name.toLowerCase())) seen.set(name.toLowerCase(), name);
	return [...seen.values()];
}
