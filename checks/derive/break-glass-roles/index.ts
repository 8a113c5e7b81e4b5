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
	const hidden = watchers.sure ? undefined : unseenAlarms(view);
	if (hidden !== undefined) gaps.alarmed = { code: hidden.code, detail: hidden.detail };
	else if (!watchers.sure && watchers.items.length > 0) gaps.alarmed = untilApply(watchers.items.map(({ id }) => id));
	const values = {
		name: nameOf(role),
		...(gaps.mfa === undefined ? { mfa: mfa?.verdict } : {}),
		...(gaps.alarmed === undefined ? { alarmed: watchers.sure, alarmedBy: watchers.items.map(({ id }) => id) } : {}),
	};
	return { ...own, values, basis: [role, ...watchers.items], ...(Object.keys(gaps).length === 0 ? {} : { gaps }) };
}
