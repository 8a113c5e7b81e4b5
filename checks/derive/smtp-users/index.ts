import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { attachmentKinds, holderKinds, membershipKinds, policyKinds } from "../iam-graph.ts";
import { type HeldIdentity, identitiesOf } from "../identities.ts";
import { textAt } from "../policy-documents.ts";
import { beyondSmtp, sendsBySmtp } from "../smtp-sending.ts";

const keyKind = "aws.iam_access_key";
const loginKind = "aws_iam_user_login_profile";

/**
 * derived.smtp_user, one per user that a policy gives ses:SendRawEmail by name and that has an active access key: keys of such users are
 * what SMTP passwords of SES are made from. Whether it has a password for the console, may do more, and how old its keys are.
 */
const derivation: Derivation = {
	id: "smtp-users",
	target: "account",
	needs: [keyKind, loginKind, ...policyKinds, ...attachmentKinds, ...holderKinds, ...membershipKinds],
	produces: ["derived.smtp_user"],
	derive: (view) => {
		const { all, hidden } = identitiesOf(view);
		const unread = [keyKind, loginKind].flatMap((kind) => view.items(kind)).filter(({ status }) => status === "error");
		const errors: DerivedItem[] = unread.map((item) => ({
			kind: "derived.smtp_user",
			id: item.id,
			error: item.error ?? { code: "malformed", message: "no error code" },
			basis: [item],
		}));
		const users = all.filter(({ kind }) => kind === "user").flatMap((user) => derivedOf(view, user));
		const gap: DerivedItem[] =
			hidden === undefined ? [] : [{ kind: "derived.smtp_user", id: "users", error: { ...hidden, message: "a user could not be read" }, basis: [] }];
		return [...users, ...errors, ...gap];
	},
};

export default derivation;

function derivedOf(view: DerivationView, user: HeldIdentity): DerivedItem[] {
	const keys = view.items(keyKind).filter((key) => textAt(key, "user") === user.name && textAt(key, "status") === "Active");
	const sends = sendsBySmtp(user.policies);
	if (keys.length === 0 || (!sends && user.hidden === undefined)) return [];
	const logins = view.items(loginKind).filter((login) => textAt(login, "user") === user.name);
	const own = { kind: "derived.smtp_user", id: user.arn, basis: [...user.basis, ...keys, ...logins] };
	if (!sends && user.hidden !== undefined) return [{ ...own, error: { ...user.hidden, message: "what the user may do could not be read whole" } }];
	const ages = keys.map((key) => ageOf(key, view.asOf));
	const others = beyondSmtp(user.policies);
	const gaps: Record<string, Gap> = {};
	if (user.hidden !== undefined && others.length === 0) gaps.others = user.hidden;
	if (ages.includes(undefined)) gaps.oldestKeyDays = { code: "malformed", detail: "iam:ListAccessKeys" };
	return [
		{
			...own,
			values: {
				user: user.name,
				consolePassword: logins.length > 0,
				activeKeys: keys.length,
				...(gaps.oldestKeyDays === undefined ? { oldestKeyDays: Math.max(...ages.map((age) => age ?? 0)) } : {}),
				...(gaps.others === undefined ? { others: others.map(({ statement, action }) => ({ statement, action })) } : {}),
			},
			gaps,
		},
	];
}

function ageOf(key: Evidence, asOf: Date): number | undefined {
	const made = valueAt(key.values, "created_at");
	const at = typeof made === "string" ? Date.parse(made) : Number.NaN;
	return Number.isNaN(at) ? undefined : Math.floor((asOf.getTime() - at) / 86_400_000);
}
