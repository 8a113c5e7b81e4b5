import type { Evidence, Gap } from "../../../model/evidence.ts";
import { deniesWithoutMfa } from "../../protocols/iam/index.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import {
	attachmentKinds,
	awsPolicyName,
	holderKinds,
	type IamPolicy,
	iamPolicies,
	membershipKinds,
	membershipsOf,
	policyKinds,
	unreadIam,
} from "../iam-graph.ts";
import { namedBy, namesOf, parseAll, textAt } from "../policy-documents.ts";
import { untilApply } from "../policy-facts.ts";

/** derived.console_user, one per password for the console: whose it is, and whether what he may do is denied without MFA. */
const derivation: Derivation = {
	id: "console-users",
	target: "plan",
	needs: ["aws_iam_user_login_profile", ...membershipKinds, ...policyKinds, ...attachmentKinds, ...holderKinds],
	produces: ["derived.console_user"],
	derive: (view) => {
		const users = namesOf(view.items("aws_iam_user"));
		return view.items("aws_iam_user_login_profile").map((profile) => derivedOf(view, profile, users));
	},
};

export default derivation;

function derivedOf(view: DerivationView, profile: Evidence, users: ReadonlyMap<string, Evidence>): DerivedItem {
	const own = { kind: "derived.console_user", id: profile.id };
	if (profile.error !== undefined) return { ...own, error: profile.error, basis: [profile] };
	const named = namedBy(profile, "user", users);
	if (typeof named === "string") {
		const gap: Gap = named === "unknown" ? untilApply([`${profile.id} user`]) : { code: "not_in_plan", detail: `the user of ${profile.id}` };
		const user = textAt(profile, "user");
		return {
			...own,
			values: user === undefined ? {} : { user },
			gaps: { deniedWithoutMfa: gap, ...(user === undefined ? { user: gap } : {}) },
			basis: [profile],
		};
	}
	const user = named.item;
	const { groups, by, hidden } = membershipsOf(view, user);
	const unread = [user, ...groups].flatMap(({ error }) => error ?? [])[0] ?? unreadIam(view);
	const held = iamPolicies(view).filter(({ holders }) => holders.some((holder) => holder === user || groups.includes(holder)));
	const answer = unread === undefined ? (denial(held) ?? hidden ?? false) : { code: unread.code, detail: unread.detail };
	const basis = [...new Set([profile, user, ...groups, ...by, ...held.flatMap((policy) => [policy.item, ...policy.by])])];
	const name = textAt(user, "name") ?? textAt(profile, "user") ?? (user.error === undefined ? user.id : undefined);
	const gaps: Record<string, Gap> = {};
	if (typeof answer !== "boolean") gaps.deniedWithoutMfa = answer;
	if (name === undefined && unread !== undefined) gaps.user = { code: unread.code, detail: unread.detail };
	const values = { ...(name === undefined ? {} : { user: name }), ...(typeof answer === "boolean" ? { deniedWithoutMfa: answer } : {}) };
	return { ...own, values, basis, ...(Object.keys(gaps).length === 0 ? {} : { gaps }) };
}

/** True where one of the policies denies it, a gap where one that cannot be seen may. */
function denial(held: readonly IamPolicy[]): true | Gap | undefined {
	let open: Gap | undefined;
	for (const { id, item, document, arn } of held) {
		if (item.error !== undefined) open ??= { code: item.error.code, detail: item.error.detail };
		if (document === undefined) {
			// None of AWS's own policies denies what comes without MFA.
			if (arn === undefined || awsPolicyName(arn) === undefined) open ??= { code: "not_in_plan", detail: arn ?? id };
			continue;
		}
		const { verdict, dependsOn } = deniesWithoutMfa(parseAll([document], id).policies, ["ses:*", "kms:*"]);
		if (verdict === "yes") return true;
		if (verdict === "unknown") open ??= untilApply(dependsOn);
	}
	return open;
}
