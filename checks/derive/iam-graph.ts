import type { Evidence, EvidenceError, Gap } from "../../model/evidence.ts";
import { valueAt } from "../engine/paths.ts";
import type { DerivationView } from "./derivation.ts";
import { documentAt, isUnknown, type Named, namedBy, namesOf, textAt, unknownText } from "./policy-documents.ts";
import { untilApply } from "./policy-facts.ts";

/** A policy of IAM's with what it gives permissions to. */
export interface IamPolicy {
	/** The item's id; with the place of the block for one that stands inside a role. */
	readonly id: string;
	readonly item: Evidence;
	/** Undefined for a policy that stands elsewhere: AWS's own, or one of the account. */
	readonly document: string | undefined;
	/** The ARN of such a policy, as far as it is known. */
	readonly arn: string | undefined;
	readonly holders: readonly Evidence[];
	/** Names of holders that are not in the evidence, and "unknown" for one that only apply will tell. */
	readonly others: readonly string[];
	/** The items that say who holds it. */
	readonly by: readonly Evidence[];
}

export const policyKinds = ["aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"] as const;
export const attachmentKinds = [
	"aws_iam_role_policy_attachment",
	"aws_iam_user_policy_attachment",
	"aws_iam_group_policy_attachment",
	"aws_iam_policy_attachment",
] as const;
export const holderKinds = ["aws_iam_role", "aws_iam_user", "aws_iam_group"] as const;

export const membershipKinds = ["aws_iam_user_group_membership", "aws_iam_group_membership"] as const;

const attributes = ["role", "user", "group", "roles", "users", "groups"];

/** Every policy of the evidence, inline, managed and attached, with its holders; made once per target. */
export function iamPolicies(view: DerivationView): readonly IamPolicy[] {
	return view.remember("policies of iam", () => collect(view));
}

function collect(view: DerivationView): IamPolicy[] {
	const managed = view.items("aws_iam_policy");
	const policies = namesOf(managed);
	const holders = namesOf(holderKinds.flatMap((kind) => view.items(kind)));
	const attached = new Map<Evidence, Evidence[]>();
	const found: IamPolicy[] = [];
	for (const item of attachmentKinds.flatMap((kind) => view.items(kind))) {
		if (item.status === "absent") continue;
		const named: Named = namedBy(item, "policy_arn", policies);
		if (typeof named !== "string") attached.set(named.item, [...(attached.get(named.item) ?? []), item]);
		else found.push({ id: item.id, item, document: undefined, arn: documentAt(item, "policy_arn"), ...heldBy([item], holders), by: [item] });
	}
	for (const item of managed) {
		const by = attached.get(item) ?? [];
		found.push({ id: item.id, item, document: documentAt(item, "policy"), arn: undefined, ...heldBy(by, holders), by });
	}
	for (const item of policyKinds.slice(1).flatMap((kind) => view.items(kind))) {
		found.push({ id: item.id, item, document: documentAt(item, "policy"), arn: undefined, ...heldBy([item], holders), by: [] });
	}
	for (const item of view.items("aws_iam_role")) found.push(...insideRole(item));
	return found;
}

function heldBy(items: readonly Evidence[], holders: ReadonlyMap<string, Evidence>): { holders: Evidence[]; others: string[] } {
	const held = new Set<Evidence>();
	const others = new Set<string>();
	for (const item of items) {
		for (const path of attributes) {
			for (const id of item.references?.[path] ?? []) {
				const holder = holders.get(id);
				if (holder !== undefined) held.add(holder);
			}
			const value = valueAt(item.values, path);
			for (const name of Array.isArray(value) ? value : [value]) {
				if (typeof name !== "string") continue;
				const holder = holders.get(name);
				if (holder === undefined) others.add(name);
				else held.add(holder);
			}
			if (isUnknown(item, path) && !(item.references?.[path] ?? []).some((id) => holders.has(id))) others.add("unknown");
		}
	}
	return { holders: [...held], others: [...others] };
}

/** Blocks and lists of a role itself. */
function insideRole(item: Evidence): IamPolicy[] {
	const own = { item, holders: [item], others: [], by: [] };
	const found: IamPolicy[] = [];
	const blocks = valueAt(item.values, "inline_policy");
	const count = Array.isArray(blocks) ? blocks.length : 0;
	for (let at = 0; at < count; at++) {
		const path = `inline_policy.${at}.policy`;
		const document = documentAt(item, path);
		if (document !== undefined) found.push({ ...own, id: `${item.id}.inline_policy.${at}`, document, arn: undefined });
	}
	if (isUnknown(item, "inline_policy")) found.push({ ...own, id: `${item.id}.inline_policy`, document: unknownText, arn: undefined });
	if (isUnknown(item, "managed_policy_arns")) found.push({ ...own, id: `${item.id}.managed_policy_arns`, document: undefined, arn: unknownText });
	const arns = valueAt(item.values, "managed_policy_arns");
	for (const arn of Array.isArray(arns) ? arns : []) if (typeof arn === "string") found.push({ ...own, id: `${item.id}.${arn}`, document: undefined, arn });
	return found;
}

/** The groups of a user, what says so, and why some may be missing. */
export interface Memberships {
	readonly groups: readonly Evidence[];
	readonly by: readonly Evidence[];
	readonly hidden: Gap | undefined;
}

export function membershipsOf(view: DerivationView, user: Evidence): Memberships {
	const { of, hidden } = view.remember("memberships of iam", () => allMemberships(view));
	const own = of.get(user) ?? { groups: new Set<Evidence>(), by: [], hidden: undefined };
	return { groups: [...own.groups], by: own.by, hidden: own.hidden ?? hidden };
}

interface AllMemberships {
	of: Map<Evidence, { groups: Set<Evidence>; by: Evidence[]; hidden: Gap | undefined }>;
	/** Why any user may be in further groups. */
	hidden: Gap | undefined;
}

function allMemberships(view: DerivationView): AllMemberships {
	const groupNames = namesOf(view.items("aws_iam_group"));
	const userNames = namesOf(view.items("aws_iam_user"));
	const found: AllMemberships = { of: new Map(), hidden: undefined };
	for (const [kind, userPath, groupPath] of [
		["aws_iam_user_group_membership", "user", "groups"],
		["aws_iam_group_membership", "users", "group"],
	] as const) {
		for (const item of view.items(kind)) {
			if (item.error !== undefined) {
				found.hidden ??= { code: item.error.code, detail: item.error.detail };
				continue;
			}
			const groups = namedAt(item, groupPath, groupNames);
			for (const user of namedAt(item, userPath, userNames)) {
				const own = found.of.get(user) ?? { groups: new Set(), by: [], hidden: undefined };
				found.of.set(user, own);
				own.by.push(item);
				for (const group of groups) own.groups.add(group);
				if (groups.length === 0) own.hidden ??= { code: "not_in_plan", detail: `the groups of ${item.id}` };
			}
			if (isUnknown(item, userPath) && (item.references?.[userPath] ?? []).every((id) => !/aws_iam_user\./.test(id)))
				found.hidden ??= untilApply([`${item.id} ${userPath}`]);
		}
	}
	return found;
}

function namedAt(item: Evidence, path: string, known: ReadonlyMap<string, Evidence>): Evidence[] {
	const value = valueAt(item.values, path);
	const written = (Array.isArray(value) ? value : [value]).filter((name) => typeof name === "string");
	return [...(item.references?.[path] ?? []), ...written].flatMap((name) => known.get(name) ?? []);
}

/** Why some policy, or what says who holds it, could not be read. */
export function unreadIam(view: DerivationView): EvidenceError | undefined {
	return view.remember("unread iam", () => [...policyKinds, ...attachmentKinds].flatMap((kind) => view.items(kind).flatMap(({ error }) => error ?? []))[0]);
}

/** The name of one of AWS's own policies: `AdministratorAccess` of arn:aws:iam::aws:policy/AdministratorAccess. */
export function awsPolicyName(arn: string): string | undefined {
	return /:iam::aws:policy\/(?:[\w-]+\/)*([\w+=,.@-]+)$/.exec(arn)?.[1];
}

export function nameOf(item: Evidence): string {
	return textAt(item, "name") ?? item.id;
}
