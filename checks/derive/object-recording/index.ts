import type { Gap } from "../../../model/evidence.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { Names } from "../resource-links.ts";
import { objectRecordings, recordingOf } from "../trails/object-recording.ts";
import { recordedBy } from "../trails/selectors.ts";

/** derived.object_recording, one per bucket that mail or mail events end in: by which logging trails reads and writes of its objects are recorded. */
const derivation: Derivation = {
	id: "object-recording",
	target: "plan",
	needs: ["aws_cloudtrail", "aws_s3_bucket", "derived.mail_flow"],
	produces: ["derived.object_recording"],
	derive: recordings,
};

export default derivation;

function recordings(view: DerivationView): DerivedItem[] {
	const trails = view.items("aws_cloudtrail").filter(({ status }) => status !== "absent");
	const recorded = new Map(trails.filter(({ status }) => status === "ok").map((trail) => [trail, recordedBy(trail)]));
	const buckets = view.items("aws_s3_bucket");
	const recorders = objectRecordings(trails, recorded, new Names(buckets.filter(({ status }) => status === "ok")));
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
		const seen = recordingOf(bucket, recorders);
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
