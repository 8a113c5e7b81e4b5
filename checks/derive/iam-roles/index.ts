import type { Evidence, Gap } from "../../../model/evidence.ts";
import { managedPolicies } from "../../data/iam-actions/managed-policies.ts";
import { allowsAny, deniesWithoutMfa, type Policy } from "../../protocols/iam/index.ts";
import { alarmKinds, forEmergencies, mfaOf, trustOf } from "../break-glass.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { attachmentKinds, awsPolicyName, holderKinds, type IamPolicy, iamPolicies, nameOf, policyKinds, unreadIam } from "../iam-graph.ts";
import { parseAll } from "../policy-documents.ts";
import { untilApply } from "../policy-facts.ts";

/** Each changes how mail is sent or what protects it: whoever holds one administers mail. */
const changes = [
	"ses:CreateEmailIdentity",
	"ses:CreateReceiptRule",
	"ses:DeleteConfigurationSet",
	"ses:DeleteEmailIdentity",
	"ses:PutConfigurationSetDeliveryOptions",
	"ses:UpdateConfigurationSetEventDestination",
	"kms:DisableKey",
	"kms:PutKeyPolicy",
	"kms:ScheduleKeyDeletion",
];

/**
 * derived.iam_role, one per role: whether it administers mail, whether its trust policy asks for MFA and how old that may be,
 * and whether some policy denies changes to whoever comes without MFA.
 */
const derivation: Derivation = {
	id: "iam-roles",
	target: "plan",
	needs: [...policyKinds, ...attachmentKinds, ...holderKinds],
	uses: alarmKinds,
	produces: ["derived.iam_role"],
	derive: (view) => {
		const held = new Map<Evidence, IamPolicy[]>();
		for (const policy of iamPolicies(view)) for (const holder of policy.holders) held.set(holder, [...(held.get(holder) ?? []), policy]);
		const denial = denialOf(view);
		return view.items("aws_iam_role").map((role) => derivedOf(view, role, held.get(role) ?? [], denial));
	},
};

export default derivation;

function derivedOf(view: DerivationView, role: Evidence, held: readonly IamPolicy[], denial: Denial): DerivedItem {
	const own = { kind: "derived.iam_role", id: role.id };
	if (role.error !== undefined) return { ...own, error: role.error, basis: [role] };
	const gaps: Record<string, Gap> = {};
	const trust = trustOf(role);
	const mfa = trust === undefined ? undefined : mfaOf(trust);
	if (trust === undefined) gaps.mfa = { code: "malformed", detail: `${role.id} assume_role_policy` };
	else if (mfa?.answer.verdict === "unknown") gaps.mfa = untilApply(mfa.answer.dependsOn);
	const administers = administersMail(held, unreadIam(view)?.code);
	if (typeof administers === "object") gaps.administersMail = administers;
	if (denial.gap !== undefined) gaps.changesDenied = denial.gap;
	const emergencies = forEmergencies(view, role);
	const values = {
		name: nameOf(role),
		forEmergencies: emergencies === "yes",
		...(typeof administers === "boolean" ? { administersMail: administers } : {}),
		...(mfa === undefined || gaps.mfa !== undefined ? {} : { mfa: mfa.answer.verdict, oldestMfaSeconds: mfa.oldestSeconds, letIn: mfa.answer.withoutMfa }),
		...(denial.gap === undefined ? { changesDenied: denial.by.length > 0 } : {}),
	};
	const basis = [...new Set([role, ...held.flatMap(({ item, by }) => [item, ...by]), ...denial.by])];
	return { ...own, values, basis, ...(Object.keys(gaps).length === 0 ? {} : { gaps }) };
}

function administersMail(held: readonly IamPolicy[], unread: Gap["code"] | undefined): boolean | Gap {
	let open: Gap | undefined = unread === undefined ? undefined : { code: unread, detail: "policies of IAM" };
	for (const { id, document, arn } of held) {
		if (document === undefined) {
			const whole = managedPolicies.wholeServices.get(awsPolicyName(arn ?? "") ?? "");
			if (whole?.some((service) => ["*", "ses", "kms"].includes(service)) === true) return true;
			if (whole === undefined) open ??= { code: "not_in_plan", detail: arn ?? id };
			continue;
		}
		const { policies, error } = parseAll([document], id);
		if (error !== undefined) open ??= { code: error.code, detail: error.detail };
		const { verdict, dependsOn } = allowsAny(policies, changes, ["*"], { resources: "any" });
		if (verdict === "yes") return true;
		if (verdict === "unknown") open ??= untilApply(dependsOn);
	}
	return open ?? false;
}

interface Denial {
	/** The policies that do it. */
	by: Evidence[];
	gap: Gap | undefined;
}

/** Policies that deny every change of SES and KMS to whoever comes without MFA, with long-term keys too: those have no such value. */
function denialOf(view: DerivationView): Denial {
	const by: Evidence[] = [];
	let gap: Gap | undefined;
	const unread = unreadIam(view);
	if (unread !== undefined) gap = { code: unread.code, detail: unread.detail };
	for (const { id, item, document } of iamPolicies(view)) {
		const policies: readonly Policy[] = document === undefined ? [] : parseAll([document], id).policies;
		if (policies.length === 0) continue;
		const { verdict, dependsOn } = deniesWithoutMfa(policies, ["ses:*", "kms:*"]);
		if (verdict === "yes") by.push(item);
		if (verdict === "unknown") gap ??= untilApply(dependsOn);
	}
	return by.length > 0 ? { by, gap: undefined } : { by, gap };
}
