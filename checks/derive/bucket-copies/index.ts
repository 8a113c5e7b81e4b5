import type { Evidence, Gap } from "../../../model/evidence.ts";
import { bucketRoles, holdsOf, roleKinds } from "../bucket-roles.ts";
import { blocksAt, bucketSettings, type Told, untilApply } from "../bucket-settings.ts";
import type { Derivation } from "../derivation.ts";
import { isUnknown, namedBy, namesOf, ownAccountOf, textAt } from "../policy-documents.ts";
import { backupOf } from "./backups.ts";

const setting = "aws_s3_bucket_replication_configuration";

/**
 * derived.bucket_copies, one per bucket: encrypted copies of it elsewhere. `replicas`: destinations in another account or Region;
 * `backupHours`: in a plan the longest time in hours between two backups, in an account the age of the last (null: none); its name and
 * what it holds.
 */
const derivation: Derivation = {
	id: "bucket-copies",
	target: "plan",
	needs: ["aws_s3_bucket", setting, "aws_backup_plan", "aws_backup_selection"],
	uses: [...roleKinds, "aws.backup_protected_resource"],
	produces: ["derived.bucket_copies"],
	derive: (view) => {
		const roles = bucketRoles(view);
		const names = namesOf(view.items("aws_s3_bucket"));
		const account = ownAccountOf(
			view,
			roleKinds.flatMap((kind) => view.items(kind)),
		);
		return bucketSettings(view, {
			produces: "derived.bucket_copies",
			setting,
			paths: ["replicas"],
			read: (bucket, replication) => replicasOf(bucket, replication, names, account),
			also: (bucket) => {
				const held = holdsOf(roles, bucket, ["events", "inbox", "mail"]);
				const backup = backupOf(view, bucket);
				const name = textAt(bucket, "bucket");
				return {
					values: { ...held.values, ...backup.values, ...(name === undefined ? {} : { name }) },
					gaps: { ...held.gaps, ...backup.gaps },
					basis: [...(held.basis ?? []), ...(backup.basis ?? [])],
				};
			},
		});
	},
};

export default derivation;

function replicasOf(bucket: Evidence, replication: Evidence | undefined, names: ReadonlyMap<string, Evidence>, account: string | undefined): Told {
	const item = replication?.status === "ok" ? replication : bucket;
	const block = item === bucket ? "replication_configuration.rules" : "rule";
	const replicas: string[] = [];
	let gap: Gap | undefined = isUnknown(item, block) ? untilApply(item, block) : undefined;
	for (const { path } of blocksAt(item, block)) {
		if (textAt(item, `${path}.status`) !== "Enabled") {
			if (isUnknown(item, `${path}.status`)) gap ??= untilApply(item, `${path}.status`);
			continue;
		}
		const at = `${path}.destination`;
		const named = namedBy(item, `${at}.bucket`, names);
		const elsewhere = isElsewhere(item, at, named, bucket, account);
		if (elsewhere === true) replicas.push(typeof named === "string" ? (textAt(item, `${at}.bucket`) ?? "another bucket") : named.item.id);
		else if (elsewhere !== false) gap ??= elsewhere;
	}
	return { values: { replicas }, gaps: replicas.length > 0 || gap === undefined ? {} : { replicas: gap } };
}

/** Whether a destination is in another account or Region. A plan tells of no bucket where it is; an account, of its own. */
function isElsewhere(item: Evidence, at: string, named: ReturnType<typeof namedBy>, bucket: Evidence, account: string | undefined): boolean | Gap {
	if (named === "unknown") return untilApply(item, `${at}.bucket`);
	if (typeof named !== "string" && named.item === bucket) return false;
	const owner = textAt(item, `${at}.account`) ?? textAt(item, `${at}.account_id`);
	if (owner !== undefined && account !== undefined && owner !== account) return true;
	const regions = [bucket, ...(typeof named === "string" ? [] : [named.item])].map(({ source }) => source.region);
	if (typeof named !== "string" && regions.every((region) => region !== undefined)) return regions[0] !== regions[1];
	return { code: "not_in_plan", detail: `account and Region of ${item.id} ${at}.bucket` };
}
