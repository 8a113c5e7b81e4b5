import type { Evidence, Gap } from "../../model/evidence.ts";
import { blocksAt, type Told, untilApply } from "./bucket-settings.ts";
import type { DerivationView } from "./derivation.ts";
import { isUnknown, namedBy, namesOf, textAt } from "./policy-documents.ts";

export const allRoles = ["access_logs", "configuration_history", "events", "inbox", "mail", "published", "trail"] as const;
export type Role = (typeof allRoles)[number];

/** What writes to a bucket, or serves it, and where it names it: the paths of the bucket and of the prefix it writes under. */
const writers: readonly { kind: string; role: Role; blocks?: string; bucket: string; prefix?: string }[] = [
	{ kind: "aws_kinesis_firehose_delivery_stream", role: "events", bucket: "extended_s3_configuration.bucket_arn" },
	{ kind: "aws_kinesis_firehose_delivery_stream", role: "events", bucket: "extended_s3_configuration.s3_backup_configuration.bucket_arn" },
	{ kind: "aws_ses_receipt_rule", role: "mail", blocks: "s3_action", bucket: "bucket_name", prefix: "object_key_prefix" },
	{ kind: "aws_cloudtrail", role: "trail", bucket: "s3_bucket_name" },
	{ kind: "aws_config_delivery_channel", role: "configuration_history", bucket: "s3_bucket_name" },
	{ kind: "aws_s3_bucket_logging", role: "access_logs", bucket: "target_bucket", prefix: "target_prefix" },
	{ kind: "aws_cloudfront_distribution", role: "access_logs", bucket: "logging_config.bucket", prefix: "logging_config.prefix" },
	{ kind: "aws_cloudfront_distribution", role: "published", blocks: "origin", bucket: "domain_name" },
];

/** Kinds that tell what a bucket holds: a derivation over bucketRoles names them in `uses`. */
export const roleKinds: readonly string[] = [...new Set([...writers.map(({ kind }) => kind), "aws_s3_bucket_replication_configuration"])];

export interface Holding {
	role: Role;
	/** Undefined where the writer chooses it. */
	prefix: string | undefined;
	by: Evidence;
}

export interface BucketRoles {
	of: ReadonlyMap<Evidence, readonly Holding[]>;
	/** Why a writer that would give a bucket the role may be missing here. */
	unseen: ReadonlyMap<Role, Gap>;
}

/** What each bucket holds, by what writes to it: mail, delivery events, trails, access logs; and what is published from it. */
export function bucketRoles(view: DerivationView): BucketRoles {
	return view.remember("bucket roles", () => {
		const names = namesOf(view.items("aws_s3_bucket"));
		const of = new Map<Evidence, Holding[]>();
		const unseen = new Map<Role, Gap>();
		const miss = (role: Role, { code, detail }: Gap): void => {
			// A kind that belongs to an account as a whole is not missing from a plan: what no plan shows writes to none of its buckets.
			if (code !== "not_in_plan" && !unseen.has(role)) unseen.set(role, { code, detail });
		};
		for (const { kind, role, blocks, bucket, prefix } of writers) {
			for (const fault of [view.listingError(kind) ?? [], view.items(kind).flatMap(({ error }) => error ?? [])].flat()) miss(role, fault);
			for (const item of view.items(kind)) {
				if (item.status !== "ok") continue;
				if (blocks !== undefined && isUnknown(item, blocks)) miss(role, untilApply(item, blocks));
				for (const base of blocks === undefined ? [""] : blocksAt(item, blocks).map((one) => `${one.path}.`)) {
					const path = `${base}${bucket}`;
					const named = bucketAt(item, path, names);
					const holding = { role, prefix: prefix === undefined ? undefined : textAt(item, `${base}${prefix}`), by: item };
					if (named === "unknown") miss(role, untilApply(item, path));
					if (typeof named === "string") continue;
					const held = of.get(named);
					if (held === undefined) of.set(named, [holding]);
					else held.push(holding);
				}
			}
		}
		addCopies(view, names, of);
		const copies = "aws_s3_bucket_replication_configuration";
		for (const fault of [view.listingError(copies) ?? [], view.items(copies).flatMap(({ error }) => error ?? [])].flat())
			for (const role of ["events", "mail"] as const) miss(role, fault);
		return { of, unseen };
	});
}

/** A copy holds what is copied; what is copied whole, to a bucket that is seen, is where mail arrives and not where it is kept. */
function addCopies(view: DerivationView, names: ReadonlyMap<string, Evidence>, of: Map<Evidence, Holding[]>): void {
	for (const item of view.items("aws_s3_bucket_replication_configuration")) {
		const source = names.get(item.id) ?? bucketAt(item, "bucket", names);
		if (typeof source === "string") continue;
		for (const { path } of blocksAt(item, "rule")) {
			const copy = bucketAt(item, `${path}.destination.bucket`, names);
			if (typeof copy === "string") continue;
			const held = (of.get(source) ?? []).filter(({ role }) => role !== "access_logs" && role !== "published");
			of.set(copy, [...(of.get(copy) ?? []), ...held.map((one) => ({ ...one, by: item }))]);
			if (copy === source || textAt(item, `${path}.status`) !== "Enabled" || narrows(item, path)) continue;
			const whole = (of.get(source) ?? []).map((one): Holding => (one.role === "mail" ? { ...one, role: "inbox" } : one));
			of.set(source, [...whole, ...held.filter(({ role }) => role === "mail").map((): Holding => ({ role: "inbox", prefix: undefined, by: item }))]);
		}
	}
}

function narrows(item: Evidence, rule: string): boolean {
	const tagged = blocksAt(item, `${rule}.filter.tag`).length + blocksAt(item, `${rule}.filter.and`).length > 0;
	return tagged || textAt(item, `${rule}.filter.prefix`) !== undefined || textAt(item, `${rule}.prefix`) !== undefined || isUnknown(item, `${rule}.filter`);
}

/** A bucket by its name, ARN, or the domain name that AWS gives it. */
function bucketAt(item: Evidence, path: string, names: ReadonlyMap<string, Evidence>): Evidence | "other" | "unknown" {
	const named = namedBy(item, path, names);
	if (typeof named !== "string") return named.item;
	const host = /^(.+)\.s3[.-][a-z0-9.-]*amazonaws\.com(?:\.cn)?$/.exec(textAt(item, path) ?? "")?.[1];
	const found = host === undefined ? undefined : names.get(host);
	if (found !== undefined) return found;
	// What refers to another resource of the plan is known not to be a bucket of it.
	return named === "unknown" && (item.references?.[path] ?? []).length > 0 && !(item.references?.[path] ?? []).some((id) => names.has(id)) ? "other" : named;
}

/**
 * The roles of a bucket under `holds`, in order, each once. Where a writer that was not seen could give it one of `decides`, that is a
 * gap, unless it has one of `settledBy` already.
 */
export function holdsOf(roles: BucketRoles, bucket: Evidence, decides: readonly Role[], settledBy: readonly Role[] = decides): Told {
	const held = roles.of.get(bucket) ?? [];
	const holds = [...new Set(held.map(({ role }) => role))].sort();
	const basis = held.map(({ by }) => by);
	const open = holds.some((role) => settledBy.includes(role)) ? undefined : decides.flatMap((role) => roles.unseen.get(role) ?? [])[0];
	return open === undefined ? { values: { holds }, gaps: {}, basis } : { values: {}, gaps: { holds: open }, basis };
}
