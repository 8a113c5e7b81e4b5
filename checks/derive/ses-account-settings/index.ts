import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";

const suppressionKind = "aws_sesv2_account_suppression_attributes";
const deliverabilityKind = "aws_sesv2_account_vdm_attributes";

/**
 * derived.ses_suppression and derived.ses_engagement, one per account that sends: why addresses are suppressed (`reasons`), and whether
 * engagement metrics are off (`off`), where no configuration set says otherwise. A plan that leaves the account's settings to another
 * stack has none of them, so that its sets are judged by what they say themselves.
 */
const derivation: Derivation = {
	id: "ses-account-settings",
	target: "plan",
	needs: [],
	uses: [suppressionKind, deliverabilityKind],
	produces: ["derived.ses_suppression", "derived.ses_engagement"],
	derive: (view) => [
		...settings(view, suppressionKind, "derived.ses_suppression", reasonsIn),
		...settings(view, deliverabilityKind, "derived.ses_engagement", offIn),
	],
};

export default derivation;

type Told = { values: Record<string, unknown>; gaps?: Record<string, Gap> };

function settings(view: DerivationView, kind: string, produces: string, read: (item: Evidence) => Told): DerivedItem[] {
	const fault = view.listingError(kind);
	const items = view.items(kind);
	if (fault !== undefined) return fault.code === "not_in_plan" && items.length === 0 ? [] : [{ kind: produces, id: kind, error: fault, basis: [...items] }];
	return items.flatMap((item): DerivedItem[] => {
		const own = { kind: produces, id: item.id, basis: [item] };
		if (item.error !== undefined) return [{ ...own, error: item.error }];
		return item.status === "absent" ? [] : [{ ...own, ...read(item) }];
	});
}

function reasonsIn(item: Evidence): Told {
	const path = "suppressed_reasons";
	if (isUnknown(item, path)) return { values: {}, gaps: { reasons: { code: "unknown_until_apply", detail: `${item.id} ${path}` } } };
	const reasons = valueAt(item.values, path);
	return { values: { reasons: Array.isArray(reasons) ? reasons : [] } };
}

/** Without the deliverability manager there are no metrics; with it, those of its dashboard are off unless they are switched on. */
function offIn(item: Evidence): Told {
	const path = "dashboard_attributes.engagement_metrics";
	if (textAt(item, "vdm_enabled") === "DISABLED") return { values: { off: true } };
	const open = ["vdm_enabled", path].find((one) => isUnknown(item, one));
	const metrics = textAt(item, path);
	if (open !== undefined && metrics !== "DISABLED") return { values: {}, gaps: { off: { code: "unknown_until_apply", detail: `${item.id} ${open}` } } };
	return { values: { off: metrics === undefined || metrics === "DISABLED" } };
}
