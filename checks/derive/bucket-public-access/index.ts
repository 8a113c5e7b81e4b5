import type { Evidence } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import { isAccount } from "../alarm-acts.ts";
import { bucketSettings, hidden, note, type Told } from "../bucket-settings.ts";
import type { Derivation, DerivationView } from "../derivation.ts";
import { textAt, unseen } from "../policy-documents.ts";

const setting = "aws_s3_bucket_public_access_block";
const attributes: ReadonlyMap<string, string> = new Map([
	["blockPublicAcls", "block_public_acls"],
	["blockPublicPolicy", "block_public_policy"],
	["ignorePublicAcls", "ignore_public_acls"],
	["restrictPublicBuckets", "restrict_public_buckets"],
]);

const statusKind = "aws.s3_bucket_policy_status";

/**
 * derived.bucket_public_access, one per bucket: the four settings of its own block, whether anything states them, and whether AWS itself
 * calls the bucket's policy public, which an account alone tells.
 */
const derivation: Derivation = {
	id: "bucket-public-access",
	target: "plan",
	needs: ["aws_s3_bucket", setting],
	uses: [statusKind],
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
			also: (bucket) => policyStatusOf(view, bucket),
		}),
};

export default derivation;

function policyStatusOf(view: DerivationView, bucket: Evidence): Told {
	if (!isAccount(view.target)) return { values: { policyPublic: "not_in_plan" }, gaps: {} };
	const item = view.item(statusKind, textAt(bucket, "bucket") ?? "");
	const isPublic = valueAt(item?.values, "is_public");
	if (item !== undefined && typeof isPublic === "boolean") return { values: { policyPublic: isPublic }, gaps: {}, basis: [item] };
	const why = item?.error ?? unseen(view, [statusKind]) ?? { code: "malformed" as const, detail: "s3:GetBucketPolicyStatus" };
	return { ...hidden(["policyPublic"], why), basis: item === undefined ? [] : [item] };
}
