import type { Evidence } from "../../../model/evidence.ts";
import { bucketRoles, holdsOf, roleKinds } from "../bucket-roles.ts";
import { bucketSettings, note, type Told } from "../bucket-settings.ts";
import type { Derivation } from "../derivation.ts";

const setting = "aws_s3_bucket_object_lock_configuration";

/** derived.bucket_lock, one per bucket: the default retention of its object lock (mode, days or years; null without), and what it holds. */
const derivation: Derivation = {
	id: "bucket-lock",
	target: "plan",
	needs: ["aws_s3_bucket", setting],
	uses: roleKinds,
	produces: ["derived.bucket_lock"],
	derive: (view) => {
		const roles = bucketRoles(view);
		return bucketSettings(view, {
			produces: "derived.bucket_lock",
			setting,
			paths: ["mode", "days", "years"],
			read,
			also: (bucket) => holdsOf(roles, bucket, ["configuration_history", "events", "mail", "trail"]),
		});
	},
};

export default derivation;

function read(bucket: Evidence, configuration: Evidence | undefined): Told {
	const item = configuration ?? bucket;
	const base = configuration === undefined ? "object_lock_configuration.rule" : "rule";
	const told: Told = { values: {}, gaps: {} };
	for (const name of ["mode", "days", "years"]) note(told, name, item, `${base}.default_retention.${name}`, null);
	return told;
}
