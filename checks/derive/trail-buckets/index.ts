import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";
import { Names } from "../resource-links.ts";

const block = "aws_s3_bucket_public_access_block";
const ownership = "aws_s3_bucket_ownership_controls";
const logging = "aws_s3_bucket_logging";
const lock = "aws_s3_bucket_object_lock_configuration";
const versioning = "aws_s3_bucket_versioning";
const policy = "derived.bucket_policy";

/**
 * derived.trail_bucket, one per CloudTrail trail: how the bucket is kept that its log files go to. A bucket that is not in the
 * evidence, of another stack or account, is a gap of every value.
 */
const derivation: Derivation = {
	id: "trail-buckets",
	target: "plan",
	needs: ["aws_cloudtrail", "aws_s3_bucket", block, ownership, logging, lock, versioning, policy],
	produces: ["derived.trail_bucket"],
	derive(view) {
		const names = new Names(view.items("aws_s3_bucket").filter(({ status }) => status === "ok"));
		return view
			.items("aws_cloudtrail")
			.filter(({ status }) => status !== "absent")
			.map((trail) => itemOf(view, trail, names));
	},
};

export default derivation;

interface Fact {
	value: boolean | number | string | null;
	gap?: Gap;
	rests: Evidence[];
}

function itemOf(view: DerivationView, trail: Evidence, names: Names): DerivedItem {
	const own = { kind: "derived.trail_bucket", id: trail.id };
	if (trail.status === "error") return { ...own, error: trail.error ?? { code: "malformed", message: "no error code" }, basis: [trail] };
	const { ids } = names.named(trail, "s3_bucket_name", { kind: "aws_s3_bucket" });
	const bucket = ids.map((id) => view.item("aws_s3_bucket", id)).find((item) => item !== undefined);
	if (bucket === undefined) {
		const gap: Gap = ids.length === 0 ? { code: "unknown_until_apply", detail: `${trail.id} s3_bucket_name` } : { code: "not_in_plan", detail: ids[0] };
		const paths = ["publicBlocked", "aclsOff", "notPublic", "logsTo", "lockDays", "mfaDelete"];
		return { ...own, values: { trail: trail.id, bucket: ids[0] ?? null }, gaps: Object.fromEntries(paths.map((path) => [path, gap])), basis: [trail] };
	}
	if (bucket.status === "error") return { ...own, error: bucket.error ?? { code: "malformed", message: "no error code" }, basis: [trail, bucket] };
	const setting = (kind: string, read: (item: Evidence) => Fact["value"] | Gap, without: Fact["value"]): Fact => told(view, names, bucket, kind, read, without);
	const facts: Record<string, Fact> = {
		publicBlocked: setting(
			block,
			(item) => allTrue(item, ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]),
			false,
		),
		aclsOff: setting(ownership, (item) => equals(item, "rule.object_ownership", "BucketOwnerEnforced"), false),
		notPublic: publicPolicy(view, bucket),
		logsTo: setting(logging, (item) => loggedTo(item, bucket, names), "none"),
		lockDays: setting(lock, lockDays, 0),
		mfaDelete: setting(versioning, (item) => equals(item, "versioning_configuration.mfa_delete", "Enabled"), false),
	};
	const gaps = Object.fromEntries(Object.entries(facts).flatMap(([path, { gap }]) => (gap === undefined ? [] : [[path, gap]])));
	const values = { trail: trail.id, bucket: bucket.id, ...Object.fromEntries(Object.entries(facts).map(([path, { value }]) => [path, value])) };
	return { ...own, values, gaps, basis: [...new Set([trail, bucket, ...Object.values(facts).flatMap(({ rests }) => rests)])] };
}

function told(view: DerivationView, names: Names, bucket: Evidence, kind: string, read: (item: Evidence) => Fact["value"] | Gap, without: Fact["value"]): Fact {
	const { of, unread } = view.remember(`${kind} by bucket`, () => settingsByBucket(view.items(kind), names));
	const own = of.get(bucket.id);
	const hidden = own?.status === "error" ? own : own === undefined ? unread : undefined;
	if (hidden !== undefined) return { value: null, gap: { code: hidden.error?.code ?? "malformed", detail: hidden.id }, rests: [hidden] };
	if (own === undefined || own.status === "absent") return { value: without, rests: own === undefined ? [] : [own] };
	const value = read(own);
	return value !== null && typeof value === "object" ? { value: null, gap: value, rests: [own] } : { value, rests: [own] };
}

/** The first setting of each bucket: a live account files a bucket's settings under its name; a plan names the bucket. */
function settingsByBucket(items: readonly Evidence[], names: Names): { of: Map<string, Evidence>; unread: Evidence | undefined } {
	const of = new Map<string, Evidence>();
	for (const item of items) {
		const ids = item.status === "ok" ? names.named(item, "bucket", { kind: "aws_s3_bucket" }).ids : [];
		for (const id of [item.id, ...ids]) if (!of.has(id)) of.set(id, item);
	}
	return { of, unread: items.find(({ status }) => status === "error") };
}

function allTrue(item: Evidence, paths: readonly string[]): boolean | Gap {
	const open = paths.find((path) => isUnknown(item, path));
	if (paths.some((path) => path !== open && valueAt(item.values, path) !== true && !isUnknown(item, path))) return false;
	return open === undefined ? true : { code: "unknown_until_apply", detail: `${item.id} ${open}` };
}

function equals(item: Evidence, path: string, value: string): boolean | Gap {
	return isUnknown(item, path) ? { code: "unknown_until_apply", detail: `${item.id} ${path}` } : textAt(item, path) === value;
}

function loggedTo(item: Evidence, bucket: Evidence, names: Names): string | Gap {
	const { ids, open } = names.named(item, "target_bucket", { kind: "aws_s3_bucket" });
	if (open) return { code: "unknown_until_apply", detail: `${item.id} target_bucket` };
	if (ids.length === 0) return "none";
	return ids.includes(bucket.id) ? "itself" : "another";
}

/** Days of the default retention; years counted as 365 days and a leap day each four. */
function lockDays(item: Evidence): number | Gap {
	const at = "rule.default_retention";
	const open = [`${at}.days`, `${at}.years`].find((path) => isUnknown(item, path));
	if (open !== undefined) return { code: "unknown_until_apply", detail: `${item.id} ${open}` };
	const days = valueAt(item.values, `${at}.days`);
	const years = valueAt(item.values, `${at}.years`);
	if (typeof days === "number") return days;
	return typeof years === "number" ? Math.ceil(years * 365.25) : 0;
}

function publicPolicy(view: DerivationView, bucket: Evidence): Fact {
	const derived = view.item(policy, bucket.id);
	const of = (part: string) => valueAt(derived?.values, `public.${part}`);
	if (derived === undefined || derived.status === "error")
		return { value: null, gap: { code: derived?.error?.code ?? "not_collected", detail: bucket.id }, rests: [] };
	const gap = Object.entries(derived.gaps ?? {}).find(([path]) => path === "public" || path.startsWith("public."))?.[1];
	if (Array.isArray(of("certain")) && (of("certain") as unknown[]).length > 0 && gap === undefined) return { value: false, rests: [] };
	return gap === undefined ? { value: true, rests: [] } : { value: null, gap, rests: [] };
}
