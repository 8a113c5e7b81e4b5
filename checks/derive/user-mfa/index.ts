import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { canDo } from "../../protocols/iam/index.ts";
import { trustOf } from "../break-glass.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { attachmentKinds, holderKinds, membershipKinds, policyKinds } from "../iam-graph.ts";
import { type HeldIdentity, identitiesOf } from "../identities.ts";
import { textAt, unseen } from "../policy-documents.ts";

const reportKind = "aws.iam_credential";
const roleKind = "derived.iam_role";
const iamKinds = [...policyKinds, ...attachmentKinds, ...holderKinds, ...membershipKinds];

/** derived.user_mfa, one per user: whether it has a password, may take a role that administers mail, and has MFA. */
const derivation: Derivation = {
	id: "user-mfa",
	target: "account",
	needs: [reportKind],
	uses: [...iamKinds, roleKind],
	produces: ["derived.user_mfa"],
	derive: (view) => {
		const users = new Map(identitiesOf(view).all.map((identity) => [identity.arn, identity]));
		const roles = view.items(roleKind).flatMap((derived) => {
			const role = valueAt(derived.values, "administersMail") === true ? view.item("aws_iam_role", derived.id) : undefined;
			return role === undefined ? [] : [role];
		});
		const hidden = unseen(view, [...iamKinds, roleKind]);
		return view
			.items(reportKind)
			.filter((row) => valueAt(row.values, "root") !== true)
			.map((row) => derivedOf(row, users.get(textAt(row, "user_arn") ?? ""), roles, hidden, view));
	},
};

export default derivation;

function derivedOf(row: Evidence, user: HeldIdentity | undefined, roles: readonly Evidence[], hidden: Gap | undefined, view: DerivationView): DerivedItem {
	const own = { kind: "derived.user_mfa", id: row.id };
	if (row.error !== undefined) return { ...own, error: row.error, basis: [row] };
	const taken = user === undefined ? [] : roles.filter((role) => mayTake(user, role));
	const gaps: Record<string, Gap> = {};
	for (const path of ["password_enabled", "mfa_active"])
		if (valueAt(row.values, path) === undefined) gaps[path === "mfa_active" ? "mfa" : "password"] = { code: "malformed", detail: "iam:GetCredentialReport" };
	const open = hidden ?? user?.hidden ?? (user === undefined ? ({ code: "not_collected", detail: row.id } as const) : undefined);
	if (taken.length === 0 && open !== undefined) gaps.administersMail = { code: open.code, detail: open.detail };
	return {
		...own,
		values: {
			user: textAt(row, "user"),
			password: valueAt(row.values, "password_enabled"),
			mfa: valueAt(row.values, "mfa_active"),
			...(gaps.administersMail === undefined ? { administersMail: taken.length > 0 } : {}),
			roles: taken.map((role) => role.id),
		},
		gaps,
		basis: [row, ...(user?.basis ?? []), ...taken, ...roles.flatMap((role) => view.item(roleKind, role.id) ?? [])],
	};
}

/** Also where it depends on what only the request will tell. */
function mayTake(user: HeldIdentity, role: Evidence): boolean {
	const trust = trustOf(role);
	const identity = { principal: user.arn, policies: user.policies, ...(user.boundary === undefined ? {} : { boundary: user.boundary }) };
	const [answer] = canDo({ action: "sts:AssumeRole", resource: role.id, principals: [identity], ...(trust === undefined ? {} : { resourcePolicy: trust }) });
	return answer?.can !== "no";
}
