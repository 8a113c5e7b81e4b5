import type { Evidence } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { allRoles, bucketRoles, holdsOf, roleKinds } from "../bucket-roles.ts";
import { blocksAt, bucketSettings, type Told, untilApply } from "../bucket-settings.ts";
import type { Derivation, DerivationView } from "../derivation.ts";
import { isUnknown, namedBy, namesOf, textAt } from "../policy-documents.ts";

const setting = "aws_s3_bucket_logging";

/**
 * derived.bucket_logging, one per bucket: where its access log goes ("none", "itself" or "another"), which trails record reads and
 * writes of its objects, and what it holds.
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
				const held = holdsOf(roles, bucket, allRoles, ["access_logs"]);
				const trails = trailsOf(view, bucket);
				return {
					values: { ...held.values, ...trails.values },
					gaps: { ...held.gaps, ...trails.gaps },
					basis: [...(held.basis ?? []), ...(trails.basis ?? [])],
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
	if (textAt(item, path) !== undefined) return { values: { target: "another" }, gaps: {} };
	return isUnknown(item, path) ? { values: {}, gaps: { target: untilApply(item, path) } } : { values: { target: "none" }, gaps: {} };
}

/** Trails whose selectors take reads and writes of the bucket's objects. */
function trailsOf(view: DerivationView, bucket: Evidence): Told {
	const trails = view.items("aws_cloudtrail").filter((trail) => trail.status === "ok" && valueAt(trail.values, "enable_logging") !== false);
	const found = trails.filter((trail) => selects(trail, bucket));
	const open = trails.find((trail) => isUnknown(trail, "event_selector") || isUnknown(trail, "advanced_event_selector"));
	const listing = view.listingError("aws_cloudtrail");
	// A plan without a trail shows that it makes none.
	const why = (listing?.code === "not_in_plan" ? undefined : listing) ?? (open === undefined ? undefined : untilApply(open, "event_selector"));
	return {
		values: { trails: found.map(({ id }) => id) },
		gaps: found.length > 0 || why === undefined ? {} : { trails: { code: why.code, detail: why.detail } },
		basis: found,
	};
}

function selects(trail: Evidence, bucket: Evidence): boolean {
	const basic = blocksAt(trail, "event_selector").some(
		({ path }) =>
			(textAt(trail, `${path}.read_write_type`) ?? "All") === "All" &&
			blocksAt(trail, `${path}.data_resource`).some(
				(resource) => textAt(trail, `${resource.path}.type`) === "AWS::S3::Object" && covers(trail, `${resource.path}.values`, bucket),
			),
	);
	return basic || blocksAt(trail, "advanced_event_selector").some(({ path }) => takesObjects(trail, path, bucket));
}

/** An advanced selector of S3 objects that leaves out neither reads nor writes, and is limited to no other bucket. */
function takesObjects(trail: Evidence, selector: string, bucket: Evidence): boolean {
	let objects = false;
	for (const { path } of blocksAt(trail, `${selector}.field_selector`)) {
		const field = textAt(trail, `${path}.field`);
		if (field === "resources.type") objects = texts(trail, `${path}.equals`).includes("AWS::S3::Object");
		else if (field === "resources.ARN") {
			if (!covers(trail, `${path}.starts_with`, bucket)) return false;
		} else if (field !== "eventCategory") return false;
	}
	return objects;
}

function covers(trail: Evidence, path: string, bucket: Evidence): boolean {
	const referred = Object.entries(trail.references ?? {}).some(([at, ids]) => (at === path || at.startsWith(`${path}.`)) && ids.includes(bucket.id));
	const name = textAt(bucket, "bucket");
	return referred || texts(trail, path).some((text) => /^arn:[^:]+:s3(?::::?)?$/.test(text) || (name !== undefined && text.endsWith(`:::${name}/`)));
}

function texts(item: Evidence, path: string): string[] {
	const value = valueAt(item.values, path);
	return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
