import type { Evidence } from "../../../model/evidence.ts";
import { blocksAt, hidden, note, noteOwnKey, type SettingSpec, type Told, untilApply } from "../bucket-settings.ts";
import { isUnknown } from "../policy-documents.ts";

const paths = ["algorithm", "ownKey", "bucketKey"];

/** How the default encryption of a bucket is read. */
export const encryption: SettingSpec = {
	produces: "derived.bucket_encryption",
	setting: "aws_s3_bucket_server_side_encryption_configuration",
	paths,
	read,
};

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
