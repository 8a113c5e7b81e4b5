import type { CloudwatchLogDataProtectionPolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-data-protection-policy/index.js";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { CloudwatchLogStream } from "@cdktf/provider-aws/lib/cloudwatch-log-stream/index.js";
import type { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { KinesisFirehoseDeliveryStream } from "@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream/index.js";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import type { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration/index.js";
import type { Sesv2ConfigurationSet } from "@cdktf/provider-aws/lib/sesv2-configuration-set/index.js";
import { Sesv2ConfigurationSetEventDestination } from "@cdktf/provider-aws/lib/sesv2-configuration-set-event-destination/index.js";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { accountOf } from "../internal/account.ts";
import type { BucketReference, KeyReference } from "../internal/existing.ts";
import { LockedBucket } from "../internal/locked-bucket.ts";
import { maskAddresses } from "../internal/log-masking.ts";
import { physicalName } from "../internal/physical-name.ts";
import { checkProp } from "../internal/prop-checks.ts";
import { lockOf, logRetentionDays, sixYearsDays } from "../internal/retention.ts";
import { bucketPrefixRule, isBucketPrefix } from "../internal/secure-bucket.ts";
import type { MailBackup } from "../mail-backup/index.ts";
import { accessLogs, secondCopy } from "../mail-backup/second-copy.ts";
import { MailKey } from "../mail-key/index.ts";
import { DeliveryRole, PublishingRole } from "./roles.ts";

export interface MailEventTrailProps {
	/** Set whose events are recorded: that of a DeliverySettings. */
	readonly configurationSet: Sesv2ConfigurationSet;
	/**
	 * Key that encrypts the stream, the bucket and the log group. Its policy must admit CloudWatch Logs, and let roles of the
	 * account use it through S3: that of a MailKey does.
	 * @default - a new MailKey
	 */
	readonly encryptionKey?: KeyReference;
	/** Days an event can neither be changed nor deleted, by anyone, the account root included. At least 2192. @default 2192 (six years) */
	readonly retentionDays?: number;
	/** Bucket that receives the access logs of the events' bucket: that of an AccessLogTrail. @default - a new one that keeps them for six years */
	readonly accessLogBucket?: BucketReference;
	/** Whether the bucket gets a second copy each day: see MailBackup. False where one of the stack, or something else, copies it. @default true */
	readonly backup?: boolean;
	/** First part of the bucket's name, at most 37 characters; Terraform adds digits. @default "mail-events-" */
	readonly bucketPrefix?: string;
	/**
	 * For trials that are torn down again: events are held for one day in governance mode, and destroying the stack deletes
	 * them. Never for mail of patients; synthesis warns.
	 * @default false
	 */
	readonly sandbox?: boolean;
}

/** What SES tells of a message, opens and clicks apart: those would track who reads health messages. */
const eventTypes = ["SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE", "DELIVERY_DELAY"];

/** Firehose's shorter interval would make many small objects; none of this is needed within minutes. */
const bufferingIntervalSeconds = 300;
const bufferingSizeMiB = 64;

/**
 * Record of what was sent, delivered, bounced and complained of: SES events through Firehose into a write-once bucket,
 * encrypted with one's own key on the whole way (45 CFR 164.312(b)).
 *
 * In compliance mode neither objects nor the bucket can be removed before the time is over, and from the fourth day the lock of the
 * second copies' vault cannot be lifted: try it with sandbox first.
 *
 * Satisfies: buckets.access_logged, buckets.acls_disabled, buckets.encrypted, buckets.kept_six_years, buckets.no_public_policy,
 * buckets.objects_locked, buckets.public_access_blocked, buckets.second_copy, buckets.tls_only, buckets.versioned,
 * iam.decryption_names_keys, iam.no_administrators, iam.no_whole_services, iam.sending_permissions_narrow, keys.alias_given,
 * keys.deletion_window, keys.duties_separated, keys.in_use_enabled, keys.mail_services_only, keys.no_public_principal,
 * keys.policy_written, keys.rotation_enabled, keys.services_bound, logs.encrypted, logs.personal_data_masked, logs.retention,
 * sending.events_published, sending.events_stored, sending.tracking_disabled, streams.encrypted, streams.errors_logged,
 * streams.stores_encrypted
 *
 * Meets: SES-08, KMS-06, KMS-07, LOG-03, S3-01, S3-02, S3-03, S3-04, S3-05, S3-06, S3-07, S3-08, FH-01
 */
export class MailEventTrail extends Construct {
	readonly encryptionKey: KeyReference;
	readonly bucket: S3Bucket;
	readonly objectLock: S3BucketObjectLockConfigurationA;
	readonly backup: MailBackup | undefined;
	readonly logGroup: CloudwatchLogGroup;
	readonly logMasking: CloudwatchLogDataProtectionPolicy;
	readonly deliveryRole: IamRole;
	readonly deliveryStream: KinesisFirehoseDeliveryStream;
	readonly publishingRole: IamRole;
	readonly eventDestination: Sesv2ConfigurationSetEventDestination;

	constructor(scope: Construct, id: string, props: MailEventTrailProps) {
		super(scope, id);
		const lock = lockOf(this, props);
		checkProp(this, "bucketPrefix", props.bucketPrefix, isBucketPrefix, bucketPrefixRule);
		if (props.sandbox === true) {
			Annotations.of(this).addWarning("sandbox: mail events are kept for one day and can be deleted; set sandbox: false before mail of patients is sent");
		}
		this.encryptionKey = props.encryptionKey ?? new MailKey(this, "encryption-key", { description: "Mail events" }).key;

		const store = new LockedBucket(this, "store", {
			encryptionKey: this.encryptionKey,
			lock,
			bucketPrefix: props.bucketPrefix ?? "mail-events-",
			forceDestroy: props.sandbox === true,
			accessLogBucket: props.accessLogBucket ?? accessLogs(this, props),
		});
		this.bucket = store.bucket;
		this.objectLock = store.objectLock;
		this.backup = secondCopy(this, [this.bucket], props);

		const streamName = physicalName(this, 64);
		this.logGroup = new CloudwatchLogGroup(this, "log-group", {
			name: `/aws/kinesisfirehose/${streamName}`,
			kmsKeyId: this.encryptionKey.arn,
			retentionInDays: logRetentionDays(props.sandbox === true ? sixYearsDays : lock.days),
		});
		this.logMasking = maskAddresses(this, "log-masking", this.logGroup, accountOf(this));
		const logStream = new CloudwatchLogStream(this, "log-stream", { name: "delivery", logGroupName: this.logGroup.name });

		const delivery = new DeliveryRole(this, "delivery-role", { bucket: this.bucket, encryptionKey: this.encryptionKey, logGroup: this.logGroup });
		this.deliveryRole = delivery.role;
		this.deliveryStream = new KinesisFirehoseDeliveryStream(this, "delivery-stream", {
			name: streamName,
			destination: "extended_s3",
			serverSideEncryption: { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn: this.encryptionKey.arn },
			extendedS3Configuration: {
				bucketArn: this.bucket.arn,
				roleArn: this.deliveryRole.arn,
				kmsKeyArn: this.encryptionKey.arn,
				prefix: "events/!{timestamp:yyyy/MM/dd}/",
				errorOutputPrefix: "errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/",
				bufferingInterval: bufferingIntervalSeconds,
				bufferingSize: bufferingSizeMiB,
				compressionFormat: "GZIP",
				cloudwatchLoggingOptions: { enabled: true, logGroupName: this.logGroup.name, logStreamName: logStream.name },
			},
			// Not a byte before the bucket holds what it gets, and the role may write.
			dependsOn: [delivery.policy, store.objectLock, store.encryption, store.policy],
		});

		const publishing = new PublishingRole(this, "publishing-role", { configurationSet: props.configurationSet, deliveryStream: this.deliveryStream });
		this.publishingRole = publishing.role;
		this.eventDestination = new Sesv2ConfigurationSetEventDestination(this, "event-destination", {
			configurationSetName: props.configurationSet.configurationSetName,
			eventDestinationName: "trail",
			eventDestination: {
				enabled: true,
				matchingEventTypes: eventTypes,
				kinesisFirehoseDestination: { deliveryStreamArn: this.deliveryStream.arn, iamRoleArn: this.publishingRole.arn },
			},
			dependsOn: [publishing.policy],
		});
	}
}
