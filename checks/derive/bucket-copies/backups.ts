import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { blocksAt, type Told, untilApply } from "../bucket-settings.ts";
import { ByName } from "../by-name.ts";
import type { DerivationView } from "../derivation.ts";
import { isUnknown, namedBy, namesOf, textAt } from "../policy-documents.ts";

const protectedKind = "aws.backup_protected_resource";

/** `backupHours` of a bucket: in an account the age of its last backup, in a plan the time between two; null where there is none. */
export function backupOf(view: DerivationView, bucket: Evidence): Told {
	return /^\d{12}\//.test(view.target) ? lastBackup(view, bucket) : plannedBackup(view, bucket);
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
	if (selection.error !== undefined || isOpen(selection) || ["condition", "selection_tag", "not_resources"].some((path) => holds(selection, path)))
		return undefined;
	const listed = valueAt(selection.values, "resources");
	const texts = Array.isArray(listed) ? listed.filter((one) => typeof one === "string") : [];
	if (texts.some((text) => text.includes("*"))) return undefined;
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
	if (listed(selection, "not_resources", bucket)) return false;
	if (isUnknown(selection, "not_resources")) return untilApply(selection, "not_resources");
	const narrowed = blocksAt(selection, "condition").some(({ values }) => Object.values(values).some((one) => !Array.isArray(one) || one.length > 0));
	if (narrowed || blocksAt(selection, "selection_tag").length > 0) return { code: "not_in_plan", detail: `tags of ${bucket.id}` };
	if (listed(selection, "resources", bucket)) return true;
	return isOpen(selection) ? untilApply(selection, "resources") : false;
}

/** An entry made of a resource of the plan is known to be that resource, and not another bucket. */
function isOpen(selection: Evidence): boolean {
	const open = (selection.unknown ?? []).filter((path) => path === "resources" || path.startsWith("resources."));
	return open.some((path) => (selection.references?.[path] ?? []).length === 0);
}

function listed(selection: Evidence, path: string, bucket: Evidence): boolean {
	if (Object.entries(selection.references ?? {}).some(([at, ids]) => (at === path || at.startsWith(`${path}.`)) && ids.includes(bucket.id))) return true;
	const value = valueAt(selection.values, path);
	const name = textAt(bucket, "bucket");
	return Array.isArray(value) && value.some((one) => one === "*" || /^arn:[^:]+:s3:::\*$/.test(one) || (name !== undefined && one.endsWith(`:::${name}`)));
}

/** AWS Backup runs daily unless told otherwise; of schedules those of every day or hour are read, another counts as once in a year. */
function hoursBetween(plan: Evidence, rule: string): number | undefined {
	if (valueAt(plan.values, `${rule}.enable_continuous_backup`) === true) return 0;
	const schedule = textAt(plan, `${rule}.schedule`);
	if (schedule === undefined) return isUnknown(plan, `${rule}.schedule`) ? undefined : 24;
	return /^cron\(\S+ \S+ (?:\*|\?|\*\/1|1\/1) \* (?:\*|\?) \*\)$/.test(schedule) || /^rate\((?:1 day|\d+ hours?)\)$/.test(schedule) ? 24 : 24 * 366;
}
