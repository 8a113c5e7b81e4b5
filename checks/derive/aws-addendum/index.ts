import type { Evidence, Gap } from "../../../model/evidence.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { textAt, unseen } from "../policy-documents.ts";

const agreementKind = "aws.artifact_agreement";
const organizationKind = "aws.organization";

/** derived.aws_addendum, one per account: whether AWS Artifact shows a business associate addendum in force for it or for its organization. */
const derivation: Derivation = {
	id: "aws-addendum",
	target: "account",
	needs: [agreementKind],
	uses: [organizationKind],
	produces: ["derived.aws_addendum"],
	derive: (view) => {
		const agreements = view.items(agreementKind).filter((item) => /business associate/i.test(textAt(item, "name") ?? "") || item.error !== undefined);
		const organizations = view.items(organizationKind);
		const own = { kind: "derived.aws_addendum", id: view.target };
		const ours = new Set([view.target.slice(0, 12), ...organizations.flatMap((item) => textAt(item, "arn") ?? [])]);
		const active = agreements.find((item) => isInForce(item, view) && bindsOne(item, ours));
		const basis = [...agreements, ...organizations];
		if (active !== undefined) return [{ ...own, values: { active: true, agreement: active.id, seen: agreements.map(said) }, basis }];
		const error = agreements.find((item) => item.error !== undefined)?.error;
		// One of an organization may be this account's.
		const open = agreements.some((item) => isInForce(item, view) && textAt(item, "organization_arn") !== undefined)
			? unseen(view, [organizationKind])
			: undefined;
		const fault = error ?? open;
		const gaps: Record<string, Gap> = fault === undefined ? {} : { active: { code: fault.code, detail: fault.detail } };
		const item: DerivedItem = {
			...own,
			values: { ...(fault === undefined ? { active: false } : {}), agreement: null, seen: agreements.map(said) },
			gaps,
			basis,
		};
		return [item];
	},
};

export default derivation;

function isInForce(item: Evidence, view: DerivationView): boolean {
	const now = view.asOf.getTime();
	const start = Date.parse(textAt(item, "effective_start") ?? "");
	const end = textAt(item, "effective_end");
	return textAt(item, "state") === "ACTIVE" && start <= now && (end === undefined || Date.parse(end) > now);
}

function bindsOne(item: Evidence, ours: ReadonlySet<string>): boolean {
	return [textAt(item, "account"), textAt(item, "organization_arn")].some((who) => who !== undefined && ours.has(who));
}

function said(item: Evidence): object {
	return { name: textAt(item, "name") ?? "", state: textAt(item, "state") ?? "", until: textAt(item, "effective_end") ?? null };
}
