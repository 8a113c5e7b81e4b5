import type {
	GetBucketAclOutput,
	GetBucketEncryptionOutput,
	GetBucketLifecycleConfigurationOutput,
	GetBucketReplicationOutput,
	LifecycleRule,
} from "@aws-sdk/client-s3";

type Values = Record<string, unknown>;

export function aclValues(acl: GetBucketAclOutput | undefined): Values {
	return {
		access_control_policy: {
			grant: acl?.Grants?.map(({ Permission, Grantee }) => ({
				permission: Permission,
				grantee: Grantee && { id: Grantee.ID, type: Grantee.Type, uri: Grantee.URI },
			})),
		},
	};
}

export function encryptionValues(encryption: GetBucketEncryptionOutput | undefined): Values {
	return {
		rule: encryption?.ServerSideEncryptionConfiguration?.Rules?.map(({ BucketKeyEnabled, ApplyServerSideEncryptionByDefault: by }) => ({
			bucket_key_enabled: BucketKeyEnabled,
			apply_server_side_encryption_by_default: by && { kms_master_key_id: by.KMSMasterKeyID, sse_algorithm: by.SSEAlgorithm },
		})),
	};
}

export function lifecycleValues(lifecycle: GetBucketLifecycleConfigurationOutput | undefined): Values[] | undefined {
	return lifecycle?.Rules?.map((rule) => ({
		id: rule.ID,
		status: rule.Status,
		prefix: rule.Prefix,
		filter: filterValues(rule),
		abort_incomplete_multipart_upload: rule.AbortIncompleteMultipartUpload && {
			days_after_initiation: rule.AbortIncompleteMultipartUpload.DaysAfterInitiation,
		},
		expiration: rule.Expiration && {
			date: rule.Expiration.Date,
			days: rule.Expiration.Days,
			expired_object_delete_marker: rule.Expiration.ExpiredObjectDeleteMarker,
		},
		noncurrent_version_expiration: rule.NoncurrentVersionExpiration && {
			newer_noncurrent_versions: rule.NoncurrentVersionExpiration.NewerNoncurrentVersions,
			noncurrent_days: rule.NoncurrentVersionExpiration.NoncurrentDays,
		},
		noncurrent_version_transition: rule.NoncurrentVersionTransitions?.map((one) => ({
			newer_noncurrent_versions: one.NewerNoncurrentVersions,
			noncurrent_days: one.NoncurrentDays,
			storage_class: one.StorageClass,
		})),
		transition: rule.Transitions?.map((one) => ({ date: one.Date, days: one.Days, storage_class: one.StorageClass })),
	}));
}

/** Tags narrow a rule: that there are some is kept, and what they are called. */
function filterValues({ Filter: filter }: LifecycleRule): Values | undefined {
	return (
		filter && {
			object_size_greater_than: filter.ObjectSizeGreaterThan,
			object_size_less_than: filter.ObjectSizeLessThan,
			prefix: filter.Prefix,
			and: filter.And && {
				object_size_greater_than: filter.And.ObjectSizeGreaterThan,
				object_size_less_than: filter.And.ObjectSizeLessThan,
				prefix: filter.And.Prefix,
				tags: filter.And.Tags && Object.fromEntries(filter.And.Tags.map((tag) => [tag.Key ?? "", tag.Value])),
			},
			tag: filter.Tag && { key: filter.Tag.Key, value: filter.Tag.Value },
		}
	);
}

export function replicationValues(replication: GetBucketReplicationOutput | undefined): Values {
	const seen = replication?.ReplicationConfiguration;
	return {
		role: seen?.Role,
		rule: seen?.Rules?.map((rule) => ({
			id: rule.ID,
			prefix: rule.Prefix,
			priority: rule.Priority,
			status: rule.Status,
			delete_marker_replication: rule.DeleteMarkerReplication && { status: rule.DeleteMarkerReplication.Status },
			destination: rule.Destination && {
				account: rule.Destination.Account,
				bucket: rule.Destination.Bucket,
				storage_class: rule.Destination.StorageClass,
				encryption_configuration: rule.Destination.EncryptionConfiguration && { replica_kms_key_id: rule.Destination.EncryptionConfiguration.ReplicaKmsKeyID },
			},
			filter: rule.Filter && {
				prefix: rule.Filter.Prefix,
				and: rule.Filter.And && {
					prefix: rule.Filter.And.Prefix,
					tags: rule.Filter.And.Tags && Object.fromEntries(rule.Filter.And.Tags.map((tag) => [tag.Key ?? "", tag.Value])),
				},
				tag: rule.Filter.Tag && { key: rule.Filter.Tag.Key, value: rule.Filter.Tag.Value },
			},
			source_selection_criteria: rule.SourceSelectionCriteria && {
				sse_kms_encrypted_objects: rule.SourceSelectionCriteria.SseKmsEncryptedObjects && {
					status: rule.SourceSelectionCriteria.SseKmsEncryptedObjects.Status,
				},
			},
		})),
	};
}
