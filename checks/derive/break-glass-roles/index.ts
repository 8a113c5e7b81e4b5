import type { Evidence, Gap } from "../../../model/evidence.ts";
import { requiresMfa } from "../../protocols/iam/index.ts";
import { alarmKinds, trustOf, unseenAlarms, watchersOf } from "../break-glass.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { nameOf } from "../iam-graph.ts";
import { untilApply } from "../policy-facts.ts";

/** derived.role_alarm, one per role: whether it is given with MFA only, and whether its taking raises an alarm. */
const derivation: Derivation = {
	id: "break-glass-roles",
	target: "plan",
	needs: ["aws_iam_role", ...alarmKinds],
	produces: ["derived.role_alarm"],
	derive: (view) => view.items("aws_iam_role").map((role) => derivedOf(view, role)),
};

export default derivation;

function derivedOf(view: DerivationView, role: Evidence): DerivedItem {
	const own = { kind: "derived.role_alarm", id: role.id };
	if (role.error !== undefined) return { ...own, error: role.error, basis: [role] };
	const gaps: Record<string, Gap> = {};
	const trust = trustOf(role);
	const mfa = trust === undefined ? undefined : requiresMfa(trust);
	if (mfa === undefined) gaps.mfa = { code: "malformed", detail: `${role.id} assume_role_policy` };
	else if (mfa.verdict === "unknown") gaps.mfa = untilApply(mfa.dependsOn);
	const watchers = watchersOf(view, role);
	const unseen = watchers.length > 0 ? undefined : unseenAlarms(view);
	if (unseen !== undefined) gaps.alarmed = { code: unseen.code, detail: unseen.detail };
	const values = {
		name: nameOf(role),
		...(gaps.mfa === undefined ? { mfa: mfa?.verdict } : {}),
		...(unseen === undefined ? { alarmed: watchers.length > 0, alarmedBy: watchers.map(({ id }) => id) } : {}),
	};
	return { ...own, values, basis: [role, ...watchers], ...(Object.keys(gaps).length === 0 ? {} : { gaps }) };
}
