import type { Evidence, Gap } from "../../model/evidence.ts";
import { valueAt } from "../engine/paths.ts";
import { type Policy, parsePolicy } from "../protocols/iam/index.ts";
import type { DerivationView } from "./derivation.ts";
import { labelled } from "./identities.ts";
import { textAt, unseen } from "./policy-documents.ts";

/** What the organization's control policies say about an account. A derivation over them names these in `uses`. */
export const controlKinds = ["aws.organization", "aws_organizations_policy", "aws_organizations_policy_attachment"] as const;

export interface ControlPolicies {
	/** Those attached to the account itself; undefined where none bind it. */
	readonly account: readonly Policy[] | undefined;
	/** The organization's id; null for an account in none; undefined where that could not be told. */
	readonly organization: string | null | undefined;
	/**
	 * Why there may be others. They only ever take away: who may do something by all that was read may yet be denied it, and who may not
	 * may not.
	 */
	readonly hidden: Gap | undefined;
	readonly basis: readonly Evidence[];
}

/** An account sees no more than what is attached to itself; those of the units above it and of the root, the management account alone reads. */
export function controlPolicies(view: DerivationView): ControlPolicies {
	return view.remember("control policies", () => collect(view));
}

function collect(view: DerivationView): ControlPolicies {
	const [organization] = view.items("aws.organization");
	const fault = unseen(view, ["aws.organization"]);
	if (fault !== undefined) return { account: undefined, organization: undefined, hidden: { code: fault.code, detail: fault.detail }, basis: [] };
	if (organization === undefined) return { account: undefined, organization: null, hidden: undefined, basis: [] };
	const id = textAt(organization, "id");
	const own = /^(\d{12})\//.exec(view.target)?.[1];
	const free = textAt(organization, "feature_set") === "CONSOLIDATED_BILLING" || (own !== undefined && textAt(organization, "management_account") === own);
	// The management account is bound by none, and consolidated billing has none.
	if (free) return { account: undefined, organization: id, hidden: undefined, basis: [organization] };
	const unread = unseen(view, controlKinds);
	if (unread !== undefined) return { account: undefined, organization: id, hidden: { code: unread.code, detail: unread.detail }, basis: [organization] };
	const attached = new Set(
		view
			.items("aws_organizations_policy_attachment")
			.filter((item) => textAt(item, "target_id") === own)
			.map((item) => textAt(item, "policy_id")),
	);
	const items = view
		.items("aws_organizations_policy")
		.filter((item) => attached.has(textAt(item, "id")) && valueAt(item.values, "type") === "SERVICE_CONTROL_POLICY");
	const account = items.flatMap((item) => {
		const read = parsePolicy(labelled(textAt(item, "content") ?? "", textAt(item, "name") ?? item.id).document);
		return read.ok ? [read.policy] : [];
	});
	const hidden: Gap = { code: "not_collected", detail: "the control policies above the account" };
	return { account: account.length === items.length && items.length > 0 ? account : undefined, organization: id, hidden, basis: [organization, ...items] };
}
