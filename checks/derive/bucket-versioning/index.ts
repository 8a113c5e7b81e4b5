import type { Evidence } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { bucketSettings, note, type Told, untilApply } from "../bucket-settings.ts";
import type { Derivation } from "../derivation.ts";
import { isUnknown } from "../policy-documents.ts";

const setting = "aws_s3_bucket_versioning";

/** derived.bucket_versioning, one per bucket: its status (Enabled, Suspended, Disabled). */
const derivation: Derivation = {
	id: "bucket-versioning",
	target: "plan",
	needs: ["aws_s3_bucket", setting],
	produces: ["derived.bucket_versioning"],
	derive: (view) => bucketSettings(view, { produces: "derived.bucket_versioning", setting, paths: ["status"], read: versioningOf }),
};

export default derivation;

function versioningOf(bucket: Evidence, versioning: Evidence | undefined): Told {
	const told: Told = { values: {}, gaps: {} };
	if (versioning !== undefined) {
		note(told, "status", versioning, "versioning_configuration.status", "Disabled");
		return told;
	}
	// A bucket whose objects can be locked is versioned, and cannot be otherwise (S3 User Guide, "Locking objects").
	if (valueAt(bucket.values, "versioning.enabled") === true || valueAt(bucket.values, "object_lock_enabled") === true) told.values.status = "Enabled";
	else if (isUnknown(bucket, "versioning.enabled")) told.gaps.status = untilApply(bucket, "versioning.enabled");
	else told.values.status = "Disabled";
	return told;
}
