import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { bucketRoles, holdsOf, roleKinds } from "../bucket-roles.ts";
import { blocksAt, bucketSettings, type Told, untilApply } from "../bucket-settings.ts";
import type { Derivation, DerivationView } from "../derivation.ts";
import { isUnknown, namedBy, namesOf, textAt } from "../policy-documents.ts";

const setting = "aws_s3_bucket_replication_configuration";

/**
 * derived.bucket_copies, one per bucket: encrypted copies of it elsewhere. `replicas`: destinations in another account or Region;
 * `backupHours`: the longest time in hours between two backups (null: none); and what it holds.
 */
const derivation: Derivation = {
	id: "bucket-copies",
	target: "plan",
	needs: ["aws_s3_bucket", setting, "aws_backup_plan", "aws_backup_selection"],
	uses: roleKinds,
	produces: ["derived.bucket_copies"],
	derive: (view) => {
		const roles = bucketRoles(view);
		const names = namesOf(view.items("aws_s3_bucket"));
		return bucketSettings(view, {
			produces: "derived.bucket_copies",
			setting,
			paths: ["replicas"],
			read: (bucket, replication) => replicasOf(bucket, replication, names),
			also: (bucket) => {
				const held = holdsOf(roles, bucket, ["events", "inbox", "mail"]);
				const backup = backupOf(view, bucket);
				return {
					values: { ...held.values, ...backup.values },
					gaps: { ...held.gaps, ...backup.gaps },
					basis: [...(held.basis ?? []), ...(backup.basis ?? [])],
				};
			},
		});
	},
};

export default derivation;

function replicasOf(bucket: Evidence, replication: Evidence | undefined, names: ReadonlyMap<string, Evidence>): Told {
	const item = replication?.status === "ok" ? replication : bucket;
	const block = item === bucket ? "replication_configuration.rules" : "rule";
	const replicas: string[] = [];
	let gap: Gap | undefined = isUnknown(item, block) ? untilApply(item, block) : undefined;
	for (const { path } of blocksAt(item, block)) {
		if (textAt(item, `${path}.status`) !== "Enabled") {
			if (isUnknown(item, `${path}.status`)) gap ??= untilApply(item, `${path}.status`);
			continue;
		}
		const destination = `${path}.destination`;
		const account = textAt(item, `${destination}.account`) ?? textAt(item, `${destination}.account_id`);
		const named = namedBy(item, `${destination}.bucket`, names);
		const own = textAt(bucket, "region");
		const other = typeof named === "string" ? undefined : textAt(named.item, "region");
		if (account !== undefined || (own !== undefined && other !== undefined && own !== other)) {
			replicas.push(typeof named === "string" ? (textAt(item, `${destination}.bucket`) ?? "another bucket") : named.item.id);
		} else if (own === undefined || other === undefined) gap ??= { code: "not_in_plan", detail: `the Region of ${item.id} ${destination}.bucket` };
	}
	return { values: { replicas }, gaps: replicas.length > 0 || gap === undefined ? {} : { replicas: gap } };
}

function backupOf(view: DerivationView, bucket: Evidence): Told {
	const plans = namesOf(view.items("aws_backup_plan"));
	let hours: number | null = null;
	let gap: Gap | undefined;
	const basis: Evidence[] = [];
	for (const selection of view.items("aws_backup_selection")) {
		const takes = takesBucket(selection, bucket);
		if (takes === false) continue;
		if (takes !== true) {
			gap ??= takes;
			continue;
		}
		const plan = namedBy(selection, "plan_id", plans);
		if (typeof plan === "string" || plan.item.error !== undefined) {
			gap ??= typeof plan === "string" ? untilApply(selection, "plan_id") : plan.item.error;
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

/** Whether a selection takes the bucket; the gap where only apply, or the bucket's tags, would tell. */
function takesBucket(selection: Evidence, bucket: Evidence): boolean | Gap {
	if (selection.error !== undefined) return selection.error;
	const listed = (path: string): boolean => {
		const referred = Object.entries(selection.references ?? {}).some(([at, ids]) => (at === path || at.startsWith(`${path}.`)) && ids.includes(bucket.id));
		const value = valueAt(selection.values, path);
		const name = textAt(bucket, "bucket");
		return (
			referred ||
			(Array.isArray(value) && value.some((one) => one === "*" || /^arn:[^:]+:s3:::\*$/.test(one) || (name !== undefined && one.endsWith(`:::${name}`))))
		);
	};
	if (listed("not_resources")) return false;
	if (blocksAt(selection, "selection_tag").length + blocksAt(selection, "condition").length > 0) return { code: "not_in_plan", detail: `tags of ${bucket.id}` };
	if (listed("resources")) return true;
	return (selection.unknown ?? []).some((path) => path === "resources" || path.startsWith("resources.")) && !refersToOthers(selection)
		? untilApply(selection, "resources")
		: false;
}

/** Whether each unknown entry is made of a resource of the plan: then it is known what it is, and that it is not this bucket. */
function refersToOthers(selection: Evidence): boolean {
	const unknown = (selection.unknown ?? []).filter((path) => path === "resources" || path.startsWith("resources."));
	return unknown.every((path) => (selection.references?.[path] ?? []).length > 0);
}

/** AWS Backup runs daily unless told otherwise; only schedules of every day or hour are read. */
function hoursBetween(plan: Evidence, rule: string): number | undefined {
	if (valueAt(plan.values, `${rule}.enable_continuous_backup`) === true) return 0;
	const schedule = textAt(plan, `${rule}.schedule`);
	if (schedule === undefined) return isUnknown(plan, `${rule}.schedule`) ? undefined : 24;
	if (/^cron\(\S+ \*(?:\/\d+)? [*?] \* [*?] \*\)$/.test(schedule)) return 24;
	return /^cron\(\S+ [\d,]+ [*?] \* [*?] \*\)$/.test(schedule) ? 24 : 24 * 366;
}
