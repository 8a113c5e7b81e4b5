import type { Evidence, Gap } from "../../../model/evidence.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";
import { recordedBy } from "./selectors.ts";

/**
 * derived.trail, one per trail: what it records, in Terraform's words and API terms. Where the account was seen to have none, one
 * item of the target's id with `exists` false.
 */
const derivation: Derivation = {
	id: "trails",
	target: "plan",
	needs: ["aws_cloudtrail"],
	uses: ["aws.cloudtrail_status"],
	produces: ["derived.trail"],
	derive(view) {
		const trails = view.items("aws_cloudtrail").filter(({ status }) => status !== "absent");
		const none: DerivedItem = { kind: "derived.trail", id: view.target, values: { trail: null, exists: false }, basis: [] };
		const items = trails.map((trail) => trailItem(view, trail));
		return items.length === 0 ? [none] : items;
	},
};

export default derivation;

function trailItem(view: DerivationView, trail: Evidence): DerivedItem {
	const kind = "derived.trail";
	if (trail.status !== "ok") return { kind, id: trail.id, error: trail.error ?? { code: "malformed", message: "no error code" }, basis: [trail] };
	const recorded = recordedBy(trail);
	const values = (trail.values ?? {}) as Record<string, unknown>;
	const gaps: Record<string, Gap> = {};
	const flag = (path: string, fallback: boolean): boolean | null => {
		if (isUnknown(trail, path)) return null;
		return typeof values[path] === "boolean" ? values[path] : fallback;
	};
	const facts = {
		trail: trail.id,
		exists: true,
		multiRegion: flag("is_multi_region_trail", false),
		organization: flag("is_organization_trail", false),
		logging: flag("enable_logging", true),
		validated: flag("enable_log_file_validation", false),
		deliveryError: null as string | null,
		managementReads: recorded.management.read,
		managementWrites: recorded.management.write,
		sesTypes: recorded.sesTypes,
	};
	const unknown: Gap = { code: "unknown_until_apply", detail: trail.id };
	// Only a live account tells whether files arrive.
	const live = view.item("aws.cloudtrail_status", `${trail.id}|status`);
	const fault = live?.error ?? view.listingError("aws.cloudtrail_status");
	if (live?.status === "ok") facts.deliveryError = textAt(live, "latest_delivery_error") ?? null;
	else if (fault !== undefined) gaps.deliveryError = { code: fault.code, detail: trail.id };
	for (const [path, value] of Object.entries(facts)) if (value === null && path !== "deliveryError") gaps[path] = unknown;
	if (recorded.open) {
		if (!facts.managementReads) gaps.managementReads = unknown;
		if (!facts.managementWrites) gaps.managementWrites = unknown;
		gaps.sesTypes = unknown;
	}
	return { kind, id: trail.id, values: facts, gaps, basis: live === undefined ? [trail] : [trail, live] };
}
