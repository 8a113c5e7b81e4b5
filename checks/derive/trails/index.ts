import type { Evidence, Gap } from "../../../model/evidence.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";
import { Names } from "../resource-links.ts";
import { recordingOf } from "./object-recording.ts";
import { type Recorded, recordedBy } from "./selectors.ts";

/**
 * derived.trail, one per trail: what it records, in Terraform's words and API terms. Where the account was seen to have none, one
 * item of the target's id with `exists` false.
 * derived.object_recording, one per bucket that mail or mail events end in: by which logging trails reads and writes of its objects are recorded.
 */
const derivation: Derivation = {
	id: "trails",
	target: "plan",
	needs: ["aws_cloudtrail", "aws_s3_bucket", "derived.mail_flow"],
	uses: ["aws.cloudtrail_status"],
	produces: ["derived.trail", "derived.object_recording"],
	derive(view) {
		const trails = view.items("aws_cloudtrail").filter(({ status }) => status !== "absent");
		const recorded = new Map(trails.filter(({ status }) => status === "ok").map((trail) => [trail, recordedBy(trail)]));
		const none: DerivedItem = { kind: "derived.trail", id: view.target, values: { trail: null, exists: false }, basis: [] };
		const items = trails.map((trail) => trailItem(view, trail, recorded.get(trail)));
		return [...(items.length === 0 ? [none] : items), ...objectItems(view, trails, recorded)];
	},
};

export default derivation;

function trailItem(view: DerivationView, trail: Evidence, recorded: Recorded | undefined): DerivedItem {
	const kind = "derived.trail";
	if (recorded === undefined) return { kind, id: trail.id, error: trail.error ?? { code: "malformed", message: "no error code" }, basis: [trail] };
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

function objectItems(view: DerivationView, trails: readonly Evidence[], recorded: ReadonlyMap<Evidence, Recorded>): DerivedItem[] {
	const buckets = view.items("aws_s3_bucket");
	const names = new Names(buckets.filter(({ status }) => status === "ok"));
	const ways = new Map(view.items("derived.mail_flow").map((way) => [(way.values as { resource?: string } | undefined)?.resource, way]));
	const items: DerivedItem[] = [];
	for (const bucket of buckets) {
		const way = ways.get(bucket.id);
		const carries = (way?.values as { carries?: boolean | null } | undefined)?.carries;
		if (bucket.status === "error") {
			items.push({ kind: "derived.object_recording", id: bucket.id, error: bucket.error ?? { code: "malformed", message: "no error code" }, basis: [bucket] });
			continue;
		}
		if (bucket.status !== "ok" || carries === false) continue;
		const seen = recordingOf(bucket, trails, recorded, names);
		const gap = (carries === true ? undefined : way?.gaps?.carries) ?? seen.gap;
		const gaps: Record<string, Gap> = {};
		if (gap !== undefined && !seen.read) gaps.reads = gap;
		if (gap !== undefined && !seen.write) gaps.writes = gap;
		items.push({
			kind: "derived.object_recording",
			id: bucket.id,
			values: { bucket: bucket.id, reads: seen.read, writes: seen.write, trails: seen.by.map(({ id }) => id).join(", ") || null },
			gaps,
			basis: [bucket, ...(seen.by.length > 0 ? seen.by : trails)],
		});
	}
	return items;
}
