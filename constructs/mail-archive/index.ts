import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import type { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration/index.js";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import type { BucketReference, KeyReference } from "../internal/existing.ts";
import { LockedBucket } from "../internal/locked-bucket.ts";
import { checkProp } from "../internal/prop-checks.ts";
import { lockOf } from "../internal/retention.ts";
import { bucketPrefixRule, isBucketPrefix } from "../internal/secure-bucket.ts";
import type { MailBackup } from "../mail-backup/index.ts";
import { accessLogs, secondCopy } from "../mail-backup/second-copy.ts";
import { MailKey } from "../mail-key/index.ts";

export interface MailArchiveProps {
	/** Key that encrypts the archive: that of a MailKey. @default - a new MailKey */
	readonly encryptionKey?: KeyReference;
	/** Bucket that receives the access logs: that of an AccessLogTrail. @default - a new one that keeps them for six years */
	readonly accessLogBucket?: BucketReference;
	/** Whether the bucket gets a second copy each day: see MailBackup. False where one of the stack, or something else, copies it. @default true */
	readonly backup?: boolean;
	/** Days a message can neither be changed nor deleted, by anyone, the account root included. At least 2192. @default 2192 (six years) */
	readonly retentionDays?: number;
	/** First part of the bucket's name, at most 37 characters; Terraform adds digits. @default "mail-archive-" */
	readonly bucketPrefix?: string;
	/**
	 * For trials that are torn down again: messages are held for one day in governance mode, and destroying the stack deletes
	 * them. Never for mail of patients; synthesis warns.
	 * @default false
	 */
	readonly sandbox?: boolean;
}

/**
 * Write-once S3 archive of mail (45 CFR 164.316(b)(2)(i)): whoever may write adds, nobody changes or deletes before the time
 * is over. In compliance mode the bucket itself cannot go before, and from the fourth day the lock of the second copies' vault cannot be
 * lifted: try it with sandbox first.
 *
 * Satisfies: buckets.access_logged, buckets.acls_disabled, buckets.encrypted, buckets.kept_six_years, buckets.no_public_policy,
 * buckets.objects_locked, buckets.public_access_blocked, buckets.second_copy, buckets.tls_only, buckets.versioned,
 * keys.alias_given, keys.deletion_window, keys.duties_separated, keys.in_use_enabled, keys.mail_services_only,
 * keys.no_public_principal, keys.policy_written, keys.rotation_enabled, keys.services_bound
 *
 * Meets: LOG-07, S3-01, S3-02, S3-03, S3-04, S3-05, S3-06, S3-07, S3-08
 */
export class MailArchive extends Construct {
	readonly encryptionKey: KeyReference;
	readonly bucket: S3Bucket;
	readonly objectLock: S3BucketObjectLockConfigurationA;
	readonly backup: MailBackup | undefined;

	constructor(scope: Construct, id: string, props: MailArchiveProps = {}) {
		super(scope, id);
		const lock = lockOf(this, props);
		checkProp(this, "bucketPrefix", props.bucketPrefix, isBucketPrefix, bucketPrefixRule);
		if (props.sandbox === true) {
			Annotations.of(this).addWarning("sandbox: messages are kept for one day and can be deleted; set sandbox: false before mail of patients is stored");
		}
		this.encryptionKey = props.encryptionKey ?? new MailKey(this, "encryption-key", { description: "Mail archive" }).key;
		const store = new LockedBucket(this, "store", {
			encryptionKey: this.encryptionKey,
			lock,
			bucketPrefix: props.bucketPrefix ?? "mail-archive-",
			forceDestroy: props.sandbox === true,
			accessLogBucket: props.accessLogBucket ?? accessLogs(this, props),
		});
		this.bucket = store.bucket;
		this.objectLock = store.objectLock;
		this.backup = secondCopy(this, [this.bucket], props);
	}
}
