import type { Evidence, Gap } from "../../../model/evidence.ts";
import { bucketRoles, holdsOf, roleKinds } from "../bucket-roles.ts";
import { bucketSettings, type Told, untilApply } from "../bucket-settings.ts";
import type { Derivation, DerivationView } from "../derivation.ts";
import { isUnknown, namedBy, namesOf, textAt } from "../policy-documents.ts";
import { Names } from "../resource-links.ts";
import { objectRecordings, recordingOf } from "../trails/object-recording.ts";
import { recordedBy } from "../trails/selectors.ts";

const setting = "aws_s3_bucket_logging";

/**
 * derived.bucket_logging, one per bucket: where its access log goes ("none", "itself" or "another"), whether a trail records both
 * reads and writes of its objects, and what it holds.
 */
const derivation: Derivation = {
	id: "bucket-logging",
	target: "plan",
	needs: ["aws_s3_bucket", setting],
	uses: roleKinds,
	produces: ["derived.bucket_logging"],
	derive: (view) => {
		const roles = bucketRoles(view);
		const names = namesOf(view.items("aws_s3_bucket"));
		return bucketSettings(view, {
			produces: "derived.bucket_logging",
			setting,
			paths: ["target"],
			read: (bucket, logging) => targetOf(bucket, logging, names),
			also: (bucket) => {
				const held = holdsOf(roles, bucket, ["configuration_history", "events", "inbox", "mail", "trail"]);
				const recording = recordingIn(view, bucket);
				return {
					values: { ...held.values, ...recording.values },
					gaps: { ...held.gaps, ...recording.gaps },
					basis: [...(held.basis ?? []), ...(recording.basis ?? [])],
				};
			},
		});
	},
};

export default derivation;

function targetOf(bucket: Evidence, logging: Evidence | undefined, names: ReadonlyMap<string, Evidence>): Told {
	const item = logging?.status === "ok" ? logging : bucket;
	const path = item === bucket ? "logging.target_bucket" : "target_bucket";
	const named = namedBy(item, path, names);
	if (typeof named !== "string") return { values: { target: named.item === bucket ? "itself" : "another" }, gaps: {} };
	// What refers to another resource, such as a bucket that a data source looks up, is not the bucket itself.
	if (textAt(item, path) !== undefined || (item.references?.[path] ?? []).length > 0) return { values: { target: "another" }, gaps: {} };
	return isUnknown(item, path) ? { values: {}, gaps: { target: untilApply(item, path) } } : { values: { target: "none" }, gaps: {} };
}

function recordingIn(view: DerivationView, bucket: Evidence): Told {
	const recordings = view.remember("trails over buckets", () => {
		const trails = view.items("aws_cloudtrail").filter(({ status }) => status !== "absent");
		const recorded = new Map(trails.filter(({ status }) => status === "ok").map((trail) => [trail, recordedBy(trail)]));
		return objectRecordings(trails, recorded, new Names(view.items("aws_s3_bucket").filter(({ status }) => status === "ok")));
	});
	const { read, write, by, gap } = recordingOf(bucket, recordings);
	if (read && write) return { values: { recorded: true }, gaps: {}, basis: by };
	const listing = view.listingError("aws_cloudtrail");
	// A plan without a trail shows that it makes none.
	const why: Gap | undefined = listing === undefined || listing.code === "not_in_plan" ? gap : { code: listing.code, detail: listing.detail };
	return why === undefined ? { values: { recorded: false }, gaps: {} } : { values: {}, gaps: { recorded: why } };
}
