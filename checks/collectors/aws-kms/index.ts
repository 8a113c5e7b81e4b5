import type { KeyMetadata } from "@aws-sdk/client-kms";
import { awsCollector } from "../../aws/collector.ts";
import { MalformedAnswer } from "../../aws/errors.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, table } from "../../aws/table.ts";

const kms = awsApi({ id: "kms", client: "KMSClient", load: () => import("@aws-sdk/client-kms") });

/** Rotation is a question for symmetric keys whose material KMS made; of any other, KMS says that it does not know the operation. */
function mayRotate(key: KeyMetadata | undefined): boolean {
	return specOf(key) === "SYMMETRIC_DEFAULT" && key?.Origin === "AWS_KMS" && !isDeleted(key);
}

/** Older endpoints know the spec under its earlier name alone. */
function specOf(key: KeyMetadata | undefined): string | undefined {
	return key?.KeySpec ?? key?.CustomerMasterKeySpec;
}

function isDeleted(key: KeyMetadata | undefined): boolean {
	return key?.KeyState === "PendingDeletion" || key?.KeyState === "PendingReplicaDeletion";
}

const isReplica = (key: KeyMetadata | undefined) => key?.MultiRegionConfiguration?.MultiRegionKeyType === "REPLICA";
const isExternal = (key: KeyMetadata | undefined) => key?.Origin === "EXTERNAL" && !isReplica(key);

const keys = table({
	list: listOf(kms("ListKeys", { pages: ["NextMarker", "Marker"], expects: ["Keys"] }), { Limit: 1000 }, (page) => page.Keys),
	id: (one) => one.KeyArn ?? one.KeyId ?? "",
	describe: { operation: kms("DescribeKey", { expects: ["KeyMetadata"] }), input: (one) => ({ KeyId: one.KeyId }) },
	describedKeep: (described) => described.KeyMetadata?.KeyManager !== "AWS",
	details: {
		policy: { operation: kms("GetKeyPolicy", { expects: ["Policy"] }), input: (one) => ({ KeyId: one.KeyId, PolicyName: "default" }) },
		rotation: {
			operation: kms("GetKeyRotationStatus", { expects: ["KeyRotationEnabled"] }),
			input: (one, described) => (mayRotate(described.KeyMetadata) ? { KeyId: one.KeyId } : undefined),
		},
	},
	kinds: {
		aws_kms_key: {
			of: ["policy", "rotation"],
			map: (one, { described, policy, rotation }) => {
				const key = described.KeyMetadata;
				if (isReplica(key) || isExternal(key)) return undefined;
				if (specOf(key) === undefined) throw new MalformedAnswer("the answer holds no KeySpec");
				return {
					id: one.KeyArn ?? "",
					values: {
						arn: one.KeyArn,
						id: one.KeyId,
						key_id: one.KeyId,
						policy: policy?.[0]?.Policy,
						enable_key_rotation: rotation?.[0]?.KeyRotationEnabled,
						rotation_period_in_days: rotation?.[0]?.RotationPeriodInDays,
						is_enabled: key?.Enabled,
						key_usage: key?.KeyUsage,
						customer_master_key_spec: specOf(key),
						custom_key_store_id: key?.CustomKeyStoreId,
						xks_key_id: key?.XksKeyConfiguration?.Id,
						multi_region: key?.MultiRegion,
						deletion_window_in_days: key?.PendingDeletionWindowInDays,
					},
					...(key?.PendingDeletionWindowInDays === undefined ? { onlyInPlan: ["deletion_window_in_days"] } : {}),
				};
			},
		},
		aws_kms_external_key: {
			of: ["policy"],
			map: (one, { described, policy }) => {
				const key = described.KeyMetadata;
				if (!isExternal(key)) return undefined;
				return {
					id: one.KeyArn ?? "",
					values: {
						arn: one.KeyArn,
						id: one.KeyId,
						policy: policy?.[0]?.Policy,
						enabled: key?.Enabled,
						key_state: key?.KeyState,
						key_usage: key?.KeyUsage,
						key_spec: specOf(key),
						multi_region: key?.MultiRegion,
						expiration_model: key?.ExpirationModel,
					},
					onlyInPlan: ["deletion_window_in_days"],
				};
			},
		},
		aws_kms_replica_key: {
			of: ["policy", "rotation"],
			map: (one, { described, policy, rotation }) => {
				const key = described.KeyMetadata;
				if (!isReplica(key)) return undefined;
				return {
					id: one.KeyArn ?? "",
					values: {
						arn: one.KeyArn,
						id: one.KeyId,
						key_id: one.KeyId,
						policy: policy?.[0]?.Policy,
						enabled: key?.Enabled,
						key_rotation_enabled: rotation?.[0]?.KeyRotationEnabled,
						key_spec: specOf(key),
						key_usage: key?.KeyUsage,
						primary_key_arn: key?.MultiRegionConfiguration?.PrimaryKey?.Arn,
					},
					onlyInPlan: ["deletion_window_in_days"],
				};
			},
		},
		"aws.kms_key": {
			map: (one, { described }) => ({
				id: `${one.KeyArn}#state`,
				values: {
					arn: one.KeyArn,
					key_id: one.KeyId,
					key_state: described.KeyMetadata?.KeyState,
					key_manager: described.KeyMetadata?.KeyManager,
					origin: described.KeyMetadata?.Origin,
					deletion_date: described.KeyMetadata?.DeletionDate,
					created_at: described.KeyMetadata?.CreationDate,
				},
			}),
		},
	},
});

const aliases = table({
	list: listOf(kms("ListAliases", { pages: ["NextMarker", "Marker"], expects: ["Aliases"] }), { Limit: 100 }, (page) => page.Aliases),
	id: (one) => one.AliasArn ?? one.AliasName ?? "",
	// Aliases of AWS's own that no key was made for yet have no target.
	keep: (one) => one.TargetKeyId !== undefined,
	kinds: {
		aws_kms_alias: {
			map: (one, _answers, { partition, region, account }) => ({
				id: one.AliasArn ?? "",
				values: {
					arn: one.AliasArn,
					id: one.AliasName,
					name: one.AliasName,
					target_key_id: one.TargetKeyId,
					target_key_arn: `arn:${partition}:kms:${region}:${account}:key/${one.TargetKeyId}`,
				},
			}),
		},
	},
});

/** Customer managed keys with their policies and rotation; AWS managed keys are told by their aliases. */
export default awsCollector({ id: "aws-kms", tables: [keys, aliases], shownBy: { aws_kms_key_policy: "aws_kms_key" } });
