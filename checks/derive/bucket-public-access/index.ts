import { bucketSettings, note, type Told } from "../bucket-settings.ts";
import type { Derivation } from "../derivation.ts";

const setting = "aws_s3_bucket_public_access_block";
const attributes: ReadonlyMap<string, string> = new Map([
	["blockPublicAcls", "block_public_acls"],
	["blockPublicPolicy", "block_public_policy"],
	["ignorePublicAcls", "ignore_public_acls"],
	["restrictPublicBuckets", "restrict_public_buckets"],
]);

/** derived.bucket_public_access, one per bucket: the four settings of its own block, and whether anything states them. */
const derivation: Derivation = {
	id: "bucket-public-access",
	target: "plan",
	needs: ["aws_s3_bucket", setting],
	produces: ["derived.bucket_public_access"],
	derive: (view) =>
		bucketSettings(view, {
			produces: "derived.bucket_public_access",
			setting,
			paths: [...attributes.keys(), "stated"],
			read: (_bucket, block) => {
				const told: Told = { values: { stated: block !== undefined }, gaps: {} };
				for (const [name, path] of attributes) note(told, name, block, path, false);
				return told;
			},
		}),
};

export default derivation;
