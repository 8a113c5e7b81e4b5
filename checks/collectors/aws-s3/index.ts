import type { Bucket } from "@aws-sdk/client-s3";
import { awsCollector } from "../../aws/collector.ts";
import { wholeJson } from "../../aws/errors.ts";
import { awsApi } from "../../aws/operation.ts";
import { listOf, type Place, table } from "../../aws/table.ts";
import { recordedEncryption, recordedLock, recordedLogging, recordedPublicAccess, recordedVersioning } from "./recorded.ts";
import { aclValues, encryptionValues, lifecycleValues, replicationValues } from "./values.ts";

// Buckets are named in the path: one name, one host, whatever characters it has.
const s3 = awsApi({ id: "s3", client: "S3Client", load: () => import("@aws-sdk/client-s3"), concurrency: 16, settings: { followRegionRedirects: true } });

const regionOf = (one: Bucket) => one.BucketRegion;
const input = (one: Bucket) => ({ Bucket: one.Name });
const arnOf = ({ partition }: Place, name: string) => `arn:${partition}:s3:::${name}`;

/** A bucket counts in its Region; those of Regions that are not scanned count in the first. */
function isHere({ BucketRegion: region }: Bucket, place: Place): boolean {
	if (region === undefined || !place.regions.includes(region)) return place.first;
	return region === place.region;
}

const buckets = table({
	list: listOf(
		s3("ListBuckets", { action: "s3:ListAllMyBuckets", pages: "ContinuationToken", expects: ["Buckets"] }),
		{ MaxBuckets: 1000 },
		(page) => page.Buckets,
	),
	id: (one) => one.Name ?? "",
	keep: isHere,
	details: {
		policy: { operation: s3("GetBucketPolicy", { expects: ["Policy"] }), input, region: regionOf, absent: ["NoSuchBucketPolicy"] },
		policyStatus: { operation: s3("GetBucketPolicyStatus", { expects: ["PolicyStatus"] }), input, region: regionOf, absent: ["NoSuchBucketPolicy"] },
		acl: { operation: s3("GetBucketAcl", { expects: ["Grants"] }), input, region: regionOf },
		publicAccess: {
			operation: s3("GetPublicAccessBlock", { action: "s3:GetBucketPublicAccessBlock", expects: ["PublicAccessBlockConfiguration"] }),
			input,
			region: regionOf,
			absent: ["NoSuchPublicAccessBlockConfiguration"],
			recorded: recordedPublicAccess,
		},
		ownership: {
			operation: s3("GetBucketOwnershipControls", { expects: ["OwnershipControls"] }),
			input,
			region: regionOf,
			absent: ["OwnershipControlsNotFoundError"],
		},
		versioning: { operation: s3("GetBucketVersioning"), input, region: regionOf, recorded: recordedVersioning },
		encryption: {
			operation: s3("GetBucketEncryption", { action: "s3:GetEncryptionConfiguration", expects: ["ServerSideEncryptionConfiguration"] }),
			input,
			region: regionOf,
			absent: ["ServerSideEncryptionConfigurationNotFoundError"],
			recorded: recordedEncryption,
		},
		logging: { operation: s3("GetBucketLogging"), input, region: regionOf, recorded: recordedLogging },
		lock: {
			operation: s3("GetObjectLockConfiguration", { action: "s3:GetBucketObjectLockConfiguration", expects: ["ObjectLockConfiguration"] }),
			input,
			region: regionOf,
			absent: ["ObjectLockConfigurationNotFoundError", "ObjectLockConfigurationNotFound"],
			recorded: recordedLock,
		},
		lifecycle: {
			operation: s3("GetBucketLifecycleConfiguration", { action: "s3:GetLifecycleConfiguration", expects: ["Rules"] }),
			input,
			region: regionOf,
			absent: ["NoSuchLifecycleConfiguration"],
		},
		notification: { operation: s3("GetBucketNotificationConfiguration", { action: "s3:GetBucketNotification" }), input, region: regionOf },
		replication: {
			operation: s3("GetBucketReplication", { action: "s3:GetReplicationConfiguration", expects: ["ReplicationConfiguration"] }),
			input,
			region: regionOf,
			absent: ["ReplicationConfigurationNotFoundError"],
		},
	},
	kinds: {
		aws_s3_bucket: {
			of: ["lock"],
			map: ({ Name: name = "" }, { lock }, place) => ({
				id: arnOf(place, name),
				values: { arn: arnOf(place, name), id: name, bucket: name, object_lock_enabled: lock?.[0]?.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled" },
				onlyInPlan: ["force_destroy"],
			}),
		},
		aws_s3_bucket_policy: {
			of: ["policy"],
			map: ({ Name: name = "" }, { policy }) =>
				policy === null ? { id: name } : { id: name, values: { id: name, bucket: name, policy: wholeJson(policy[0]?.Policy) } },
		},
		"aws.s3_bucket_policy_status": {
			of: ["policyStatus"],
			map: ({ Name: name = "" }, { policyStatus }) => ({
				id: name,
				values: { bucket: name, is_public: policyStatus === null ? false : policyStatus[0]?.PolicyStatus?.IsPublic },
			}),
		},
		aws_s3_bucket_acl: {
			of: ["acl"],
			map: ({ Name: name = "" }, { acl }) => ({ id: name, values: { id: name, bucket: name, ...aclValues(acl?.[0]) } }),
		},
		aws_s3_bucket_public_access_block: {
			of: ["publicAccess"],
			map: ({ Name: name = "" }, { publicAccess }) => {
				const seen = publicAccess?.[0]?.PublicAccessBlockConfiguration;
				if (seen === undefined) return { id: name };
				return {
					id: name,
					values: {
						id: name,
						bucket: name,
						block_public_acls: seen.BlockPublicAcls,
						block_public_policy: seen.BlockPublicPolicy,
						ignore_public_acls: seen.IgnorePublicAcls,
						restrict_public_buckets: seen.RestrictPublicBuckets,
					},
				};
			},
		},
		aws_s3_bucket_ownership_controls: {
			of: ["ownership"],
			map: ({ Name: name = "" }, { ownership }) => {
				const rule = ownership?.[0]?.OwnershipControls?.Rules?.[0];
				return rule === undefined ? { id: name } : { id: name, values: { id: name, bucket: name, rule: { object_ownership: rule.ObjectOwnership } } };
			},
		},
		aws_s3_bucket_versioning: {
			of: ["versioning"],
			map: ({ Name: name = "" }, { versioning }) => {
				// A bucket whose versioning was never switched on answers without a status.
				const { Status: status, MFADelete } = versioning?.[0] ?? {};
				return { id: name, values: { id: name, bucket: name, versioning_configuration: { status: status ?? "Disabled", mfa_delete: MFADelete } } };
			},
		},
		aws_s3_bucket_server_side_encryption_configuration: {
			of: ["encryption"],
			map: ({ Name: name = "" }, { encryption }) =>
				encryption === null ? { id: name } : { id: name, values: { id: name, bucket: name, ...encryptionValues(encryption[0]) } },
		},
		aws_s3_bucket_logging: {
			of: ["logging"],
			map: ({ Name: name = "" }, { logging }) => {
				const seen = logging?.[0]?.LoggingEnabled;
				return seen === undefined
					? { id: name }
					: { id: name, values: { id: name, bucket: name, target_bucket: seen.TargetBucket, target_prefix: seen.TargetPrefix } };
			},
		},
		aws_s3_bucket_object_lock_configuration: {
			of: ["lock"],
			map: ({ Name: name = "" }, { lock }) => {
				const seen = lock?.[0]?.ObjectLockConfiguration;
				if (seen === undefined) return { id: name };
				const rule = seen.Rule?.DefaultRetention;
				return {
					id: name,
					values: {
						id: name,
						bucket: name,
						object_lock_enabled: seen.ObjectLockEnabled,
						rule: rule && { default_retention: { days: rule.Days, mode: rule.Mode, years: rule.Years } },
					},
				};
			},
		},
		aws_s3_bucket_lifecycle_configuration: {
			of: ["lifecycle"],
			map: ({ Name: name = "" }, { lifecycle }) =>
				lifecycle === null ? { id: name } : { id: name, values: { id: name, bucket: name, rule: lifecycleValues(lifecycle[0]) } },
		},
		aws_s3_bucket_notification: {
			of: ["notification"],
			map: ({ Name: name = "" }, { notification }) => {
				const {
					EventBridgeConfiguration: bus,
					LambdaFunctionConfigurations: functions,
					QueueConfigurations: queues,
					TopicConfigurations: topics,
				} = notification?.[0] ?? {};
				if (bus === undefined && functions === undefined && queues === undefined && topics === undefined) return { id: name };
				return {
					id: name,
					values: {
						id: name,
						bucket: name,
						eventbridge: bus !== undefined,
						lambda_function: functions?.map((one) => ({ lambda_function_arn: one.LambdaFunctionArn })),
						queue: queues?.map((one) => ({ queue_arn: one.QueueArn })),
						topic: topics?.map((one) => ({ topic_arn: one.TopicArn })),
					},
				};
			},
		},
		aws_s3_bucket_replication_configuration: {
			of: ["replication"],
			map: ({ Name: name = "" }, { replication }) =>
				replication === null ? { id: name } : { id: name, values: { id: name, bucket: name, ...replicationValues(replication[0]) } },
		},
	},
});

/** Buckets and every setting that decides who reads them, what encrypts them and how long they keep. Objects are never listed. */
export default awsCollector({ id: "aws-s3", tables: [buckets] });
