import type { Evidence } from "../../../model/evidence.ts";
import { allRoles, type BucketRoles, bucketRoles, holdsOf, roleKinds } from "../bucket-roles.ts";
import { bucketSettings, type Told } from "../bucket-settings.ts";
import type { Derivation } from "../derivation.ts";
import { textAt } from "../policy-documents.ts";
import { encryption } from "./setting.ts";

/** derived.bucket_encryption, one per bucket: its default encryption, and what it holds. */
const derivation: Derivation = {
	id: "bucket-encryption",
	target: "plan",
	needs: ["aws_s3_bucket", encryption.setting],
	uses: roleKinds,
	produces: ["derived.bucket_encryption"],
	derive: (view) => {
		const roles = bucketRoles(view);
		return bucketSettings(view, { ...encryption, also: (bucket) => nameAndHolds(roles, bucket) });
	},
};

export default derivation;

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
