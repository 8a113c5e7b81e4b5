import type { Evidence } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { allRoles, type BucketRoles, bucketRoles, type Holding, holdsOf, roleKinds } from "../bucket-roles.ts";
import { blocksAt, bucketSettings, hidden, type Told, untilApply } from "../bucket-settings.ts";
import type { Derivation } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";

const setting = "aws_s3_bucket_lifecycle_configuration";
const paths = ["expiresAfterDays", "noncurrentAfterDays", "expiresOnDate"];

/**
 * derived.bucket_lifecycle, one per bucket: after how many days an enabled rule deletes the first objects and old versions (null:
 * never), and whether one deletes on a date; rules that reach no prefix written to are left out. And what it holds.
 */
const derivation: Derivation = {
	id: "bucket-lifecycle",
	target: "plan",
	needs: ["aws_s3_bucket", setting],
	uses: roleKinds,
	produces: ["derived.bucket_lifecycle"],
	derive: (view) => {
		const roles = bucketRoles(view);
		return bucketSettings(view, {
			produces: "derived.bucket_lifecycle",
			setting,
			paths,
			read: (bucket, configuration) => read(bucket, configuration, roles),
			also: (bucket) =>
				holdsOf(
					roles,
					bucket,
					allRoles.filter((role) => role !== "published" && role !== "inbox"),
				),
		});
	},
};

export default derivation;

function read(bucket: Evidence, configuration: Evidence | undefined, roles: BucketRoles): Told {
	const item = configuration?.status === "ok" ? configuration : bucket;
	const block = item === bucket ? "lifecycle_rule" : "rule";
	if (isUnknown(item, block)) return hidden(paths, untilApply(item, block));
	const told: Told = { values: { expiresAfterDays: null, noncurrentAfterDays: null, expiresOnDate: false }, gaps: {} };
	const held = roles.of.get(bucket) ?? [];
	for (const { path } of blocksAt(item, block)) {
		if (valueAt(item.values, `${path}.status`) === "Disabled" || valueAt(item.values, `${path}.enabled`) === false) continue;
		if (!reaches(prefixOf(item, path), held)) {
			// Another writer, that was not seen, may write under the prefix.
			const [unseen] = roles.unseen.values();
			if (unseen !== undefined) for (const name of paths) told.gaps[name] ??= unseen;
			continue;
		}
		least(told, "expiresAfterDays", item, `${path}.expiration.days`);
		least(told, "noncurrentAfterDays", item, `${path}.noncurrent_version_expiration.noncurrent_days`);
		least(told, "noncurrentAfterDays", item, `${path}.noncurrent_version_expiration.days`);
		if (textAt(item, `${path}.expiration.date`) !== undefined) told.values.expiresOnDate = true;
		else if (isUnknown(item, `${path}.expiration.date`)) told.gaps.expiresOnDate = untilApply(item, `${path}.expiration.date`);
	}
	for (const name of Object.keys(told.gaps)) delete told.values[name];
	return told;
}

function least(told: Told, name: string, item: Evidence, path: string): void {
	const days = valueAt(item.values, path);
	const known = told.values[name];
	if (typeof days === "number" && days > 0) told.values[name] = typeof known === "number" ? Math.min(known, days) : days;
	else if (isUnknown(item, path)) told.gaps[name] = untilApply(item, path);
}

/** The prefix a rule is limited to; undefined where it has none or only apply will tell. */
function prefixOf(item: Evidence, rule: string): string | undefined {
	return textAt(item, `${rule}.filter.prefix`) ?? textAt(item, `${rule}.filter.and.prefix`) ?? textAt(item, `${rule}.prefix`);
}

function reaches(prefix: string | undefined, held: readonly Holding[]): boolean {
	if (prefix === undefined || held.length === 0) return true;
	return held.some((one) => one.prefix === undefined || one.prefix.startsWith(prefix) || prefix.startsWith(one.prefix));
}
