import type { Evidence, Gap } from "../../../model/evidence.ts";
import { parsePolicy } from "../../protocols/iam/index.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { attachmentKinds, holderKinds, type IamPolicy, iamPolicies, membershipKinds, membershipsOf, nameOf, policyKinds, unreadIam } from "../iam-graph.ts";
import { labelled } from "../identities.ts";
import { isUnknown, namedBy, namesOf, textAt } from "../policy-documents.ts";
import { untilApply } from "../policy-facts.ts";
import { beyondSmtp, sendsBySmtp } from "../smtp-sending.ts";

const produced = "derived.planned_smtp_user";
const keyKind = "aws_iam_access_key";
const loginKind = "aws_iam_user_login_profile";

/**
 * derived.planned_smtp_user, one per user of a plan to which it gives an access key and a policy that names ses:SendRawEmail: keys of such
 * users are what SMTP passwords of SES are made from. Whether the plan gives it a password for the console, other permissions and
 * further keys; `others` and `accessKeys` are gaps where apply alone will tell.
 */
const derivation: Derivation = {
	id: "planned-smtp-users",
	target: "plan",
	needs: [keyKind, loginKind, ...policyKinds, ...attachmentKinds, ...holderKinds, ...membershipKinds],
	produces: [produced],
	derive: (view) => [...unread(view), ...view.items("aws_iam_user").flatMap((user) => derivedOf(view, user))],
};

export default derivation;

/** An instance that only apply makes, of a kind that decides about any user. */
function unread(view: DerivationView): DerivedItem[] {
	return ["aws_iam_user", keyKind, loginKind]
		.flatMap((kind) => view.items(kind))
		.flatMap((item) => (item.error === undefined ? [] : [{ kind: produced, id: item.id, error: item.error, basis: [item] }]));
}

function derivedOf(view: DerivationView, user: Evidence): DerivedItem[] {
	if (user.status !== "ok") return [];
	const keys = view.items(keyKind).filter((key) => mayBeOf(view, key, user) !== "no");
	if (keys.length === 0) return [];
	const logins = view.items(loginKind).filter((login) => mayBeOf(view, login, user) !== "no");
	const { documents, basis, hidden } = policiesOf(view, user);
	const parsed = documents.map(({ document, label }) => parsePolicy(labelled(document, label).document));
	const policies = parsed.flatMap((one) => (one.ok ? [one.policy] : []));
	const unsure = hidden ?? (policies.length < parsed.length ? untilApply([`${user.id} policies`]) : undefined);
	const own = { kind: produced, id: user.id, basis: [...new Set([user, ...keys, ...logins, ...basis])] };
	const sends = sendsBySmtp(policies);
	if (!sends) return unsure === undefined ? [] : [{ ...own, error: { ...unsure, message: "what the user may do is not known from the plan" } }];

	const others = beyondSmtp(policies);
	const certain = others.filter((one) => one.certain);
	const gaps: Record<string, Gap> = {};
	if (certain.length === 0 && (unsure !== undefined || others.length > 0)) gaps.others = unsure ?? untilApply([`${user.id} policies`]);
	if (keys.some((key) => mayBeOf(view, key, user) === "unknown")) gaps.accessKeys = untilApply(keys.map(({ id }) => `${id} user`));
	if (logins.length > 0 && logins.every((login) => mayBeOf(view, login, user) === "unknown"))
		gaps.consolePassword = untilApply(logins.map(({ id }) => `${id} user`));
	return [
		{
			...own,
			values: {
				user: nameOf(user),
				...(gaps.consolePassword === undefined ? { consolePassword: logins.length > 0 } : {}),
				...(gaps.accessKeys === undefined ? { accessKeys: keys.length } : {}),
				...(gaps.others === undefined ? { others: certain.map(({ statement, action }) => ({ statement, action })) } : {}),
			},
			gaps,
		},
	];
}

/** Whether a key or password belongs to a user: by the reference that the plan keeps, or by name. */
function mayBeOf(view: DerivationView, item: Evidence, user: Evidence): "yes" | "no" | "unknown" {
	if (item.status !== "ok") return "no";
	const owner = namedBy(
		item,
		"user",
		view.remember("users by name", () => namesOf(view.items("aws_iam_user"))),
	);
	if (owner === "unknown") return "unknown";
	return owner !== "other" && owner.item === user ? "yes" : "no";
}

/** A policy that apply alone gives to some user or group, which may be this one. */
function unplaced(policies: readonly IamPolicy[]): Gap | undefined {
	const open = policies.find(
		({ others, item, by }) =>
			others.includes("unknown") && [item, ...by].some((one) => ["user", "users", "group", "groups"].some((path) => isUnknown(one, path))),
	);
	return open === undefined ? undefined : untilApply([`the holder of ${open.id}`]);
}

function policiesOf(view: DerivationView, user: Evidence): { documents: { document: string; label: string }[]; basis: Evidence[]; hidden: Gap | undefined } {
	const { groups, by, hidden } = membershipsOf(view, user);
	const policies = iamPolicies(view);
	const all = policies.filter(({ holders }) => holders.some((holder) => holder === user || groups.includes(holder)));
	const elsewhere = all.find(({ document }) => document === undefined);
	const gap = hidden ?? unreadIam(view) ?? unplaced(policies);
	return {
		documents: all.flatMap(({ document, item, id }) => (document === undefined ? [] : [{ document, label: textAt(item, "name") ?? id }])),
		basis: [...groups, ...by, ...all.flatMap((one) => [one.item, ...one.by])],
		hidden: gap ?? (elsewhere === undefined ? undefined : { code: "not_in_plan", detail: elsewhere.arn ?? elsewhere.id }),
	};
}
