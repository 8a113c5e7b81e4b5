import type { Evidence, Gap } from "../../model/evidence.ts";
import {
	allowsAny,
	canDo,
	externalPrincipals,
	holdersOf,
	type Policy,
	parsePolicy,
	publicStatements,
	requiresMfa,
	type Ternary,
} from "../protocols/iam/index.ts";
import { trustOf } from "./break-glass.ts";
import { controlKinds, controlPolicies } from "./control-policies.ts";
import type { DerivationView, DerivedItem } from "./derivation.ts";
import { attachmentKinds, holderKinds, membershipKinds, policyKinds, unreadIam } from "./iam-graph.ts";
import { type HeldIdentity, identitiesOf, labelled } from "./identities.ts";
import { ownAccountOf } from "./policy-documents.ts";

/** Kinds that say who there is and what they may do: a derivation of access names these in `needs`, and controlKinds in `uses`. */
export const identityKinds = [...policyKinds, ...attachmentKinds, ...holderKinds, ...membershipKinds];
export const accessUses: readonly string[] = controlKinds;

/** What is asked of one resource. */
export interface AccessQuestion {
	/** The derived item's kind and id. */
	readonly kind: string;
	readonly id: string;
	readonly resource: string;
	/** Each action with ARNs that stand for all that it may be done to: an object of every prefix that some policy names. */
	readonly asks: readonly { readonly action: string; readonly resources: (identity: HeldIdentity) => readonly string[] }[];
	/** The resource's own policies; undefined for one that has none of its own by kind. */
	readonly documents: readonly unknown[] | undefined;
	/** Why a policy of the resource may be missing. */
	readonly hidden: Gap | undefined;
	readonly basis: readonly Evidence[];
	/** What is said of the resource besides. */
	readonly also: { readonly values: Readonly<Record<string, unknown>>; readonly gaps: Readonly<Record<string, Gap>> };
}

/** Who may do one of the actions. */
interface Access {
	principal: string;
	/** `outside`: of another account; `anyone`: everybody. */
	is: "user" | "role" | "outside" | "anyone";
	actions: string[];
	/** `not_applicable`: no person takes the role, or who does signs in elsewhere. */
	withoutMfa: Ternary | "not_applicable";
	/** Keys of the request on which it depends: an address, a service called through. */
	under: string[];
	/** Policies and their statements that let it in. */
	statements: string[];
	/** Of a role: whom its trust policy names. */
	takenBy: string[];
}

/**
 * Who may do what is asked, by identity policies, groups, boundaries, the resource's policy and the control policies that could be read,
 * all evaluated together; and which of them without MFA. `principals` and `withoutMfa` have two parts: certain, and undecided with
 * a gap that says why. Where something could not be read, the undecided part is missing: the answer is then never "nobody".
 */
export function accessTo(view: DerivationView, question: AccessQuestion): DerivedItem {
	const { kind, id, resource } = question;
	const identities = identitiesOf(view);
	const controls = controlPolicies(view);
	const account = ownAccountOf(view, [...question.basis]);
	const policies = parsedAll(question.documents ?? []);
	const named = policies.policies.length > 0 && holdersOf(policies.policies, actionsOf(question)).some(({ type }) => type !== "Service");
	const found: { one: Access; open: Gap | undefined }[] = outsiders(question, policies.policies, account);
	const basis = new Set<Evidence>([...question.basis, ...controls.basis]);
	for (const identity of identities.all) {
		const answer = accessOf(view, question, identity, policies, named);
		if (answer === undefined) continue;
		for (const item of identity.basis) basis.add(item);
		found.push(answer);
	}
	const unread = question.hidden ?? policies.fault ?? identities.hidden ?? unreadIam(view) ?? identities.all.find(({ hidden }) => hidden !== undefined)?.hidden;
	const split = (list: readonly { one: Access; open: Gap | undefined }[], name: string): { values: object; gap: Gap | undefined } => {
		const certain = list.filter(({ open }) => open === undefined).map(({ one }) => one);
		const undecided = list.filter(({ open }) => open !== undefined);
		const gap = unread === undefined ? undecided[0]?.open : { code: unread.code, detail: unread.detail };
		return { values: { [name]: { certain, ...(unread === undefined ? { undecided: undecided.map(({ one }) => one) } : {}) } }, gap };
	};
	const who = split(found, "principals");
	const mfaFree = split(
		found
			.filter(({ one }) => one.withoutMfa === "yes" || one.withoutMfa === "unknown")
			.map(({ one, open }) => ({
				one,
				open: open ?? (one.withoutMfa === "unknown" ? { code: "not_collected" as const, detail: `whether ${one.principal} has MFA` } : undefined),
			})),
		"withoutMfa",
	);
	const gaps: Record<string, Gap> = { ...question.also.gaps };
	if (who.gap !== undefined) gaps["principals.undecided"] = who.gap;
	if (mfaFree.gap !== undefined) gaps["withoutMfa.undecided"] = mfaFree.gap;
	return { kind, id, values: { resource, actions: actionsOf(question), ...question.also.values, ...who.values, ...mfaFree.values }, gaps, basis: [...basis] };
}

function actionsOf({ asks }: AccessQuestion): string[] {
	return asks.map(({ action }) => action);
}

function parsedAll(documents: readonly unknown[]): { policies: Policy[]; fault: Gap | undefined } {
	const policies: Policy[] = [];
	let fault: Gap | undefined;
	for (const document of documents) {
		const read = parsePolicy(typeof document === "string" ? labelled(document, "resource policy").document : document);
		if (read.ok) policies.push(read.policy);
		else fault ??= { code: read.error.code, detail: "resource policy" };
	}
	return { policies, fault };
}

/** Keys that whoever asks brings along, or where and when he asks: some request has the value that lets it in. */
const ofTheRequest =
	/^(?:aws:(?:calledvia|currenttime|epochtime|multifactorauth|referer|requesttag|sourceip|sourcevpc|tokenissuetime|useragent|viaawsservice|vpcsourceip)|kms:(?:viaservice|encryptioncontext)|ses:|s3:(?!resource|existing))/i;

function accessOf(
	view: DerivationView,
	question: AccessQuestion,
	identity: HeldIdentity,
	{ policies, fault }: ReturnType<typeof parsedAll>,
	named: boolean,
): { one: Access; open: Gap | undefined } | undefined {
	const controls = controlPolicies(view);
	const certain = { actions: new Set<string>(), statements: new Set<string>(), under: new Set<string>() };
	const possible = { actions: new Set<string>(), statements: new Set<string>(), under: new Set<string>() };
	let mfa: Ternary = "no";
	for (const { action, resources } of question.asks) {
		// Most identities have nothing to do with mail: one look at their policies says so.
		if (!named && allowsAny(identity.policies, [action], ["*"], { resources: "any" }).verdict === "no") continue;
		for (const resource of resources(identity)) {
			const [answer] = canDo({
				action,
				resource,
				principals: [
					{
						principal: identity.arn,
						policies: identity.policies,
						...(identity.boundary === undefined ? {} : { boundary: identity.boundary }),
						context: contextOf(view, controls.organization),
					},
				],
				...(question.documents === undefined ? {} : { resourcePolicy: policies }),
				...(controls.account === undefined ? {} : { scps: [controls.account] }),
			});
			if (answer === undefined || answer.can === "no") continue;
			const sure = answer.can === "yes" || answer.dependsOn.every((key) => ofTheRequest.test(key));
			const into = sure ? certain : possible;
			into.actions.add(action);
			for (const statement of answer.statements) into.statements.add(statement);
			for (const key of answer.can === "yes" ? [] : answer.dependsOn) into.under.add(key);
			// What depends on the request alone, some request without MFA can bring along.
			const free = answer.withoutMfa === "unknown" && sure ? "yes" : answer.withoutMfa;
			mfa = mfa === "yes" || free === "yes" ? "yes" : mfa === "unknown" || free === "unknown" ? "unknown" : "no";
		}
	}
	const sure = certain.actions.size > 0;
	if (!sure && possible.actions.size === 0) return undefined;
	const { actions, statements, under } = sure ? certain : possible;
	const { withoutMfa, takenBy } = taking(identity, mfa);
	const one: Access = {
		principal: identity.arn,
		is: identity.kind,
		actions: [...actions].sort(),
		withoutMfa,
		under: [...under].sort(),
		statements: [...statements].sort(),
		takenBy,
	};
	// What could not be read may hold a Deny, or leave nothing of what is given.
	const unread = identity.boundaryHidden ?? identity.hidden ?? question.hidden ?? fault ?? controls.hidden;
	return { one, open: unread ?? (sure ? undefined : { code: "not_collected", detail: [...under].join(", ") }) };
}

/** A session of a role has the MFA that was shown when it was taken. */
function taking(identity: HeldIdentity, mfa: Ternary): { withoutMfa: Access["withoutMfa"]; takenBy: string[] } {
	if (identity.kind === "user") return { withoutMfa: mfa, takenBy: [] };
	const trust = trustOf(identity.item);
	if (trust === undefined) return { withoutMfa: mfa === "no" ? "no" : "unknown", takenBy: [] };
	const takers = holdersOf(trust, ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"]);
	const takenBy = takers.map(({ principal }) => principal).sort();
	const { verdict } = requiresMfa(trust);
	if (verdict === "not_applicable") return { withoutMfa: "not_applicable", takenBy };
	if (verdict === "yes" || mfa === "no") return { withoutMfa: "no", takenBy };
	return { withoutMfa: verdict === "unknown" ? "unknown" : mfa, takenBy };
}

function contextOf(view: DerivationView, organization: string | null | undefined): Record<string, string | string[]> {
	const region = /\/([a-z0-9-]+)$/.exec(view.target)?.[1];
	return {
		// A user or role that asks by itself; what a service asks on behalf of others is that service's to guard.
		"aws:SecureTransport": "true",
		"aws:SourceAccount": [],
		"aws:SourceArn": [],
		"aws:SourceOrgID": [],
		...(region === undefined ? {} : { "aws:RequestedRegion": region }),
		...(organization === undefined ? {} : { "aws:PrincipalOrgID": organization ?? [] }),
	};
}

/** Whom the resource's policies admit from outside the account, by name, by a condition, or everybody. */
function outsiders(question: AccessQuestion, policies: readonly Policy[], account: string | undefined): { one: Access; open: Gap | undefined }[] {
	if (policies.length === 0) return [];
	const actions = actionsOf(question);
	const giving = holdersOf(policies, actions);
	const given = (statement: string): string[] =>
		[...new Set(giving.filter(({ statements }) => statements.includes(statement)).flatMap((holder) => holder.actions))].sort();
	const found = new Map<string, { one: Access; open: Gap | undefined }>();
	const note = (principal: string, is: Access["is"], statement: string, open: Gap | undefined): void => {
		const held = given(statement);
		if (held.length === 0) return;
		const known = found.get(principal);
		if (known === undefined)
			found.set(principal, { one: { principal, is, actions: held, withoutMfa: "unknown", under: [], statements: [statement], takenBy: [] }, open });
		else if (!known.one.statements.includes(statement)) {
			known.one.statements.push(statement);
			known.one.actions = [...new Set([...known.one.actions, ...held])].sort();
		}
	};
	const placeless: Gap | undefined = account === undefined ? { code: "not_collected", detail: "the own account" } : undefined;
	for (const { principal, statement } of externalPrincipals(policies, account ?? "")) note(principal, "outside", statement, placeless);
	for (const { statement } of publicStatements(policies)) note("*", "anyone", statement, undefined);
	return [...found.values()].map(({ one, open }) => ({ one: { ...one, withoutMfa: one.is === "anyone" ? "yes" : "unknown" }, open }));
}

/**
 * ARNs of objects below a bucket that stand for all of them: one of no prefix in particular, and one of each that a statement of the
 * identity or of the bucket names.
 */
export function objectsOf(bucketArn: string, documents: readonly unknown[]): (identity: HeldIdentity) => readonly string[] {
	const name = bucketArn.split(":").at(-1) ?? "";
	const own = parsedAll(documents).policies;
	return (identity) => {
		const objects = new Set([`${bucketArn}/object`]);
		for (const { statements } of [...identity.policies, ...own]) {
			for (const { effect, resource } of statements) {
				if (effect !== "Allow" || resource === undefined || resource.negated) continue;
				for (const { text } of resource.patterns) {
					const slash = text.indexOf("/");
					const bucket = slash < 0 ? undefined : /^arn:[^:]*:s3:::(.+)$/.exec(text.slice(0, slash))?.[1];
					if (bucket === undefined || !fits(bucket, name)) continue;
					const key = text.slice(slash + 1).replaceAll(/\$\{aws:username\}/gi, identity.name);
					objects.add(`${bucketArn}/${key.replaceAll(/\$\{[^}]*\}|[*?]/g, "x")}`);
				}
			}
		}
		return [...objects];
	};
}

function fits(pattern: string, name: string): boolean {
	const parts = pattern.split(/([*?])/).map((part) => (part === "*" ? ".*" : part === "?" ? "." : part.replaceAll(/[\\^$.|+()[\]{}]/g, "\\$&")));
	return new RegExp(`^${parts.join("")}$`).test(name);
}
