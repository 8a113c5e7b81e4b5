import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { blocksAt, type Told, untilApply } from "../bucket-settings.ts";
import { ByName } from "../by-name.ts";
import type { DerivationView } from "../derivation.ts";
import { isUnknown, namedBy, namesOf, partialAt, textAt } from "../policy-documents.ts";

const protectedKind = "aws.backup_protected_resource";

/** `backupHours` of a bucket: in an account the age of its last backup, in a plan the time between two; null where there is none. */
export function backupOf(view: DerivationView, bucket: Evidence): Told {
	// An account that could not say its number is one all the same.
	return view.supplied(protectedKind) ? lastBackup(view, bucket) : plannedBackup(view, bucket);
}

/** AWS Backup lists what it has a copy of, and when it took the last. */
function lastBackup(view: DerivationView, bucket: Evidence): Told {
	const fault = view.listingError(protectedKind) ?? view.items(protectedKind).find(({ error }) => error !== undefined)?.error;
	if (fault !== undefined) return { values: {}, gaps: { backupHours: { code: fault.code, detail: fault.detail } } };
	const name = textAt(bucket, "bucket") ?? bucket.id;
	const own = view.items(protectedKind).find((item) => item.status === "ok" && textAt(item, "arn")?.endsWith(`:::${name}`) === true);
	const at = own === undefined ? undefined : textAt(own, "last_backup_at");
	if (own === undefined || at === undefined) return { values: { backupHours: null }, gaps: {}, basis: own === undefined ? [] : [own] };
	return { values: { backupHours: (view.asOf.getTime() - Date.parse(at)) / 3_600_000 }, gaps: {}, basis: [own] };
}

function plannedBackup(view: DerivationView, bucket: Evidence): Told {
	const { plans, selections } = view.remember("backup plans", () => ({
		plans: namesOf(view.items("aws_backup_plan")),
		// One that lists buckets by name speaks of those alone: a large plan has one for each.
		selections: new ByName(view.items("aws_backup_selection"), (selection) => namesIn(selection) ?? [anyBucket]),
	}));
	let hours: number | null = null;
	let gap: Gap | undefined;
	const basis: Evidence[] = [];
	for (const selection of selections.of(anyBucket, bucket.id, textAt(bucket, "bucket"))) {
		const takes = takesBucket(selection, bucket);
		if (takes === false) continue;
		if (takes !== true) {
			gap ??= takes;
			continue;
		}
		const plan = namedBy(selection, "plan_id", plans);
		if (typeof plan === "string" || plan.item.error !== undefined) {
			gap ??= typeof plan === "string" ? { code: "not_in_plan", detail: `${selection.id} plan_id` } : plan.item.error;
			continue;
		}
		basis.push(selection, plan.item);
		for (const { path } of blocksAt(plan.item, "rule")) {
			const every = hoursBetween(plan.item, path);
			if (every !== undefined && (hours === null || every < hours)) hours = every;
			else if (every === undefined) gap ??= untilApply(plan.item, `${path}.schedule`);
		}
	}
	return { values: { backupHours: hours }, gaps: hours !== null || gap === undefined ? {} : { backupHours: { code: gap.code, detail: gap.detail } }, basis };
}

/** What selections are found by that may take, or hide, any bucket. */
const anyBucket = "*";

/**
 * Ids of the plan's resources and names of buckets; undefined where what a selection says of a bucket hangs on more than whether it
 * names it: see takesBucket.
 */
function namesIn(selection: Evidence): Set<string> | undefined {
	if (selection.error !== undefined || isOpen(selection, "resources") || ["condition", "selection_tag", "not_resources"].some((path) => holds(selection, path)))
		return undefined;
	const texts = entriesOf(selection, "resources").filter((one) => typeof one === "string");
	if (texts.some((text) => text.includes("*") || (text.includes("${") && !ownArn.test(text)))) return undefined;
	const referred = Object.entries(selection.references ?? {}).flatMap(([path, ids]) => (path === "resources" || path.startsWith("resources.") ? ids : []));
	return new Set([...referred, ...texts.map((text) => text.slice(text.lastIndexOf(":::") + 3))]);
}

function holds(selection: Evidence, path: string): boolean {
	return (
		valueAt(selection.values, path) !== undefined || isUnknown(selection, path) || Object.keys(selection.references ?? {}).some((at) => at.startsWith(path))
	);
}

/** Whether a selection takes the bucket; the gap where only apply, or the bucket's tags, would tell. */
function takesBucket(selection: Evidence, bucket: Evidence): boolean | Gap {
	if (selection.error !== undefined) return selection.error;
	const left = listed(selection, "not_resources", bucket);
	if (left === true) return false;
	if (left === undefined) return untilApply(selection, "not_resources");
	const narrowed = blocksAt(selection, "condition").some(({ values }) => Object.values(values).some((one) => !Array.isArray(one) || one.length > 0));
	if (narrowed || blocksAt(selection, "selection_tag").length > 0) return { code: "not_in_plan", detail: `tags of ${bucket.id}` };
	return listed(selection, "resources", bucket) ?? untilApply(selection, "resources");
}

/** Whether a list of ARNs and patterns names the bucket; undefined where that cannot be told yet. */
function listed(selection: Evidence, path: string, bucket: Evidence): boolean | undefined {
	if (Object.entries(selection.references ?? {}).some(([at, ids]) => (at === path || at.startsWith(`${path}.`)) && ids.includes(bucket.id))) return true;
	const entries = entriesOf(selection, path);
	const told = entries.map((entry) => (typeof entry === "string" ? matches(entry, textAt(bucket, "bucket")) : false));
	if (told.includes(true)) return true;
	return told.includes(undefined) || isOpen(selection, path) ? undefined : false;
}

function entriesOf(selection: Evidence, path: string): readonly unknown[] {
	const value = valueAt(selection.values, path);
	if (Array.isArray(value)) return value;
	const partial = partialAt(selection, path);
	return partial === undefined ? [] : (JSON.parse(partial) as unknown[]);
}

/** Whether entries of a list are not known, so that it may name any bucket. The resources that it is made of say only what it names besides. */
function isOpen(selection: Evidence, path: string): boolean {
	const open = (selection.unknown ?? []).some((at) => at === path || at.startsWith(`${path}.`));
	return open && partialAt(selection, path) === undefined;
}

/** The ARN of a resource that AWS Backup takes is that resource (AWS Backup Developer Guide, "Feature availability by resource"). */
const ownArn =
	/^\$\{(?:module\.[^{}]+\.)?aws_(?:s3_bucket|dynamodb_table|ebs_volume|instance|efs_file_system|db_instance|rds_cluster|docdb_cluster|neptune_cluster|redshift_cluster)\.[^{}.]+\.arn\}$/;

/**
 * Whether an ARN, `*` in it for anything and `${address.attribute}` for what is not known yet, names a bucket that it is not made of;
 * undefined where only apply tells.
 */
function matches(pattern: string, name: string | undefined): boolean | undefined {
	if (ownArn.test(pattern)) return false;
	if (pattern.includes("${")) return undefined;
	if (pattern === "*") return true;
	const part = /^[^:]*:[^:]*:s3:::(.+)$/.exec(pattern)?.[1];
	// A pattern with * in the service's place, or before it.
	if (part === undefined) return /^(?:[^:*]+:){0,2}[^:]*\*/.test(pattern) ? undefined : false;
	if (part === "*") return true;
	if (name === undefined) return part.includes("*") ? undefined : false;
	const pieces = part.split("*").map((piece) => piece.replaceAll(/[.\\+?^${}()|[\]]/g, "\\$&"));
	return new RegExp(`^${pieces.join(".*")}$`).test(name);
}

/** AWS Backup runs daily unless told otherwise; of schedules those of every day or hour are read, another counts as once in a year. */
function hoursBetween(plan: Evidence, rule: string): number | undefined {
	if (valueAt(plan.values, `${rule}.enable_continuous_backup`) === true) return 0;
	const schedule = textAt(plan, `${rule}.schedule`);
	if (schedule === undefined) return isUnknown(plan, `${rule}.schedule`) ? undefined : 24;
	return /^cron\(\S+ \S+ (?:\*|\?|\*\/1|1\/1) \* (?:\*|\?) \*\)$/.test(schedule) || /^rate\((?:1 day|\d+ hours?)\)$/.test(schedule) ? 24 : 24 * 366;
}
