import type { Evidence, Gap } from "../../model/evidence.ts";
import { type Policy, parsePolicy } from "../protocols/iam/index.ts";
import type { DerivationView } from "./derivation.ts";
import { iamPolicies, membershipsOf, nameOf, unreadIam } from "./iam-graph.ts";
import { documentAt, namesOf, textAt } from "./policy-documents.ts";
import { untilApply } from "./policy-facts.ts";

/** A user or role of an account, with all that gives and bounds its permissions. */
export interface HeldIdentity {
	readonly item: Evidence;
	readonly arn: string;
	readonly name: string;
	readonly kind: "user" | "role";
	/** Its own policies and those of its groups; each statement's Sid names its policy as well. */
	readonly policies: readonly Policy[];
	readonly boundary: Policy | undefined;
	/** Why a policy may be missing here. */
	readonly hidden: Gap | undefined;
	/** Why the boundary could not be seen. */
	readonly boundaryHidden: Gap | undefined;
	/** What the answer about it rests on. */
	readonly basis: readonly Evidence[];
}

export interface Identities {
	readonly all: readonly HeldIdentity[];
	/** Why identities may be missing: one that could not be read. */
	readonly hidden: Gap | undefined;
}

/** Every user and role with its policies, made once per target. Roles that AWS made for its own services are left out: nobody takes them. */
export function identitiesOf(view: DerivationView): Identities {
	return view.remember("identities of iam", () => collect(view));
}

function collect(view: DerivationView): Identities {
	const items = [...view.items("aws_iam_user"), ...view.items("aws_iam_role")];
	const held = new Map<Evidence, { documents: Labelled[]; basis: Evidence[]; hidden: Gap | undefined }>();
	for (const policy of iamPolicies(view)) {
		const { id, item, document, arn, by } = policy;
		const documents = document === undefined ? [] : [labelled(document, textAt(item, "name") ?? id)];
		const missing: Gap | undefined = document === undefined && item.error === undefined ? { code: "not_collected", detail: arn ?? id } : undefined;
		for (const holder of policy.holders) {
			const own = held.get(holder) ?? { documents: [], basis: [], hidden: undefined };
			held.set(holder, own);
			own.documents.push(...documents);
			own.basis.push(item, ...by);
			own.hidden ??= missing;
		}
	}
	const unread = unreadIam(view);
	const boundaries = namesOf(view.items("aws_iam_policy"));
	const all = items.flatMap((item): HeldIdentity[] => {
		const arn = textAt(item, "arn");
		if (item.status !== "ok" || arn === undefined || arn.includes(":role/aws-service-role/")) return [];
		const kind = item.kind === "aws_iam_user" ? "user" : "role";
		const { groups, by, hidden } = kind === "user" ? membershipsOf(view, item) : { groups: [], by: [], hidden: undefined };
		const parts = [item, ...groups].flatMap((holder) => held.get(holder) ?? []);
		const { policies, fault } = parsed(parts.flatMap(({ documents }) => documents));
		const limit = boundaryOf(item, boundaries);
		const gap = hidden ?? groups.flatMap(({ error }) => error ?? [])[0] ?? unread ?? parts.flatMap((part) => part.hidden ?? [])[0] ?? fault;
		return [
			{
				item,
				arn,
				name: nameOf(item),
				kind,
				policies,
				boundary: limit !== undefined && "policy" in limit ? limit.policy : undefined,
				boundaryHidden: limit !== undefined && "hidden" in limit ? limit.hidden : undefined,
				hidden: gap === undefined ? undefined : { code: gap.code, detail: gap.detail },
				basis: [...new Set([item, ...groups, ...by, ...parts.flatMap(({ basis }) => basis), ...(limit?.basis ?? [])])],
			},
		];
	});
	const errored = items.find(({ status }) => status === "error")?.error;
	const nameless = items.find((item) => item.status === "ok" && textAt(item, "arn") === undefined);
	const hidden: Gap | undefined =
		errored === undefined ? (nameless === undefined ? undefined : untilApply([`${nameless.id} arn`])) : { code: errored.code, detail: errored.detail };
	return { all, hidden };
}

type Boundary = { readonly basis: readonly Evidence[] } & ({ readonly policy: Policy } | { readonly hidden: Gap });

/** The boundary's policy; one that cannot be seen may leave nothing of what the policies give. */
function boundaryOf(item: Evidence, policies: ReadonlyMap<string, Evidence>): Boundary | undefined {
	const named = textAt(item, "permissions_boundary");
	if (named === undefined) return undefined;
	const policy = policies.get(named);
	const document = policy === undefined ? undefined : documentAt(policy, "policy");
	if (policy === undefined || document === undefined) return { basis: policy === undefined ? [] : [policy], hidden: { code: "not_collected", detail: named } };
	const read = parsePolicy(labelled(document, textAt(policy, "name") ?? named).document);
	return read.ok ? { basis: [policy], policy: read.policy } : { basis: [policy], hidden: { code: read.error.code, detail: named } };
}

/** A document whose statements say of which policy they are. */
export interface Labelled {
	readonly document: unknown;
	readonly label: string;
}

export function labelled(document: string, label: string): Labelled {
	let value: unknown;
	try {
		value = JSON.parse(document);
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		// The parser of policies says what is wrong with it.
		return { document, label };
	}
	if (value === null || typeof value !== "object") return { document, label };
	const { Statement: statements } = value as { Statement?: unknown };
	if (statements === undefined) return { document, label };
	const list = (Array.isArray(statements) ? statements : [statements]).map((one: unknown, index) => {
		if (one === null || typeof one !== "object") return one;
		const { Sid: sid } = one as { Sid?: unknown };
		return { ...one, Sid: `${label}: ${typeof sid === "string" && sid !== "" ? sid : `Statement[${index}]`}` };
	});
	return { document: { ...value, Statement: list }, label };
}

function parsed(documents: readonly Labelled[]): { policies: Policy[]; fault: Gap | undefined } {
	const policies: Policy[] = [];
	let fault: Gap | undefined;
	for (const { document, label } of documents) {
		const read = parsePolicy(document);
		if (read.ok) policies.push(read.policy);
		else fault ??= { code: read.error.code, detail: label };
	}
	return { policies, fault };
}
