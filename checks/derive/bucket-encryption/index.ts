import type { Evidence } from "../../../model/evidence.ts";
import { allRoles, type BucketRoles, bucketRoles, holdsOf, roleKinds } from "../bucket-roles.ts";
import { blocksAt, bucketSettings, hidden, note, noteOwnKey, type Told, untilApply } from "../bucket-settings.ts";
import type { Derivation } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";

const setting = "aws_s3_bucket_server_side_encryption_configuration";
const paths = ["algorithm", "ownKey", "bucketKey"];

/** derived.bucket_encryption, one per bucket: its default encryption, and what it holds. */
const derivation: Derivation = {
	id: "bucket-encryption",
	target: "plan",
	needs: ["aws_s3_bucket", setting],
	uses: roleKinds,
	produces: ["derived.bucket_encryption"],
	derive: (view) => {
		const roles = bucketRoles(view);
		return bucketSettings(view, { produces: "derived.bucket_encryption", setting, paths, read, also: (bucket) => nameAndHolds(roles, bucket) });
	},
};

export default derivation;

function read(bucket: Evidence, configuration: Evidence | undefined): Told {
	const item = configuration?.status === "ok" ? configuration : bucket;
	const block = item === bucket ? "server_side_encryption_configuration.rule" : "rule";
	if (isUnknown(item, block)) return hidden(paths, untilApply(item, block));
	// AWS takes one rule for a bucket, whose default has been SSE-S3 since January 2023.
	const rule = blocksAt(item, block)[0]?.path ?? block;
	const told: Told = { values: {}, gaps: {} };
	note(told, "algorithm", item, `${rule}.apply_server_side_encryption_by_default.sse_algorithm`, "AES256");
	noteOwnKey(told, "ownKey", item, `${rule}.apply_server_side_encryption_by_default.kms_master_key_id`);
	note(told, "bucketKey", item, `${rule}.bucket_key_enabled`, false);
	return told;
}

function nameAndHolds(roles: BucketRoles, bucket: Evidence): Told {
	const held = holdsOf(
		roles,
		bucket,
		["access_logs"],
		allRoles.filter((role) => role !== "access_logs"),
	);
	const name = textAt(bucket, "bucket");
	return name === undefined ? held : { ...held, values: { ...held.values, name } };
}
