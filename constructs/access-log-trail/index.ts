import { Cloudtrail, type CloudtrailAdvancedEventSelector } from "@cdktf/provider-aws/lib/cloudtrail/index.js";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import type { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { AlarmTopic } from "../alarm-topic/index.ts";
import { AccessLogBucket } from "../internal/access-log-bucket.ts";
import { type Account, accountOf } from "../internal/account.ts";
import type { EventAlarm } from "../internal/event-alarm.ts";
import type { BucketReference, KeyReference } from "../internal/existing.ts";
import { LockedBucket } from "../internal/locked-bucket.ts";
import { maskAddresses } from "../internal/log-masking.ts";
import { physicalName } from "../internal/physical-name.ts";
import { policyDocument, serviceTrust } from "../internal/policy-document.ts";
import { checkProp } from "../internal/prop-checks.ts";
import { type Lock, lockOf, logRetentionDays, sixYearsDays } from "../internal/retention.ts";
import { bucketPrefixRule, isBucketPrefix } from "../internal/secure-bucket.ts";
import { watchTrail } from "./events.ts";
import { trailKey } from "./trail-key.ts";

export interface AccessLogTrailProps {
	/** Buckets that hold mail or mail events: each read and write of their objects is recorded. @default - none */
	readonly mailBuckets?: readonly BucketReference[];
	/** Topic that hears of the alarms. @default - a new AlarmTopic that nobody is subscribed to */
	readonly alarmTopic?: SnsTopic;
	/** Key that encrypts the trail, its bucket and its log group. Its policy must admit CloudTrail and CloudWatch Logs. @default - a new key that rotates yearly */
	readonly encryptionKey?: KeyReference;
	/** Bucket that receives the access logs of the trail's own bucket. @default - a new one that keeps them for six years */
	readonly accessLogBucket?: BucketReference;
	/** Days an entry can neither be changed nor deleted, by anyone, the account root included. At least 2192. @default 2192 (six years) */
	readonly retentionDays?: number;
	/** First part of the trail bucket's name, at most 37 characters; Terraform adds digits. @default "access-log-trail-" */
	readonly bucketPrefix?: string;
	/**
	 * For trials that are torn down again: entries are held for one day in governance mode, and destroying the stack deletes
	 * them. Never where patients' mail is; synthesis warns.
	 * @default false
	 */
	readonly sandbox?: boolean;
}

/**
 * Record of who did what (45 CFR 164.312(b)): a CloudTrail trail of all Regions, validated and encrypted with one's own key,
 * in a write-once bucket and a log group, with each use of SES to send and each access to mail buckets; and alarms on use of
 * root, failed sign-ins, lost keys, and changes of trails, buckets, SES identities and configuration sets.
 *
 * Satisfies: alarms.actions_set, alarms.security_events_watched, alarms.ses_changes_watched, buckets.access_logged,
 * buckets.acls_disabled, buckets.encrypted, buckets.kept_six_years, buckets.no_public_policy, buckets.objects_locked,
 * buckets.public_access_blocked, buckets.tls_only, buckets.versioned, iam.decryption_names_keys, iam.no_administrators,
 * iam.no_whole_services, iam.sending_permissions_narrow, keys.alias_given, keys.deletion_window, keys.duties_separated,
 * keys.in_use_enabled, keys.no_public_principal, keys.policy_written, keys.rotation_enabled, keys.services_bound, logs.encrypted,
 * logs.personal_data_masked, logs.retention, topics.encrypted, topics.no_public_policy, topics.services_bound, topics.tls_only,
 * trails.bucket_protected, trails.encrypted, trails.management_events_recorded, trails.sending_recorded, trails.sent_to_logs,
 * trails.validated
 *
 * Meets: CT-01, CT-02, CT-03, CT-04, CT-05, LOG-03, LOG-05, LOG-07, LOG-09, S3-01, S3-02, S3-03, S3-04, S3-05, S3-06, S3-08
 */
export class AccessLogTrail extends Construct {
	readonly encryptionKey: KeyReference;
	readonly bucket: S3Bucket;
	readonly accessLogBucket: BucketReference;
	readonly logGroup: CloudwatchLogGroup;
	readonly alarmTopic: SnsTopic;
	readonly trail: Cloudtrail;
	readonly alarms: readonly EventAlarm[];

	constructor(scope: Construct, id: string, props: AccessLogTrailProps = {}) {
		super(scope, id);
		const lock = lockOf(this, props);
		checkProp(this, "bucketPrefix", props.bucketPrefix, isBucketPrefix, bucketPrefixRule);
		const sandbox = props.sandbox === true;
		if (sandbox)
			Annotations.of(this).addWarning("sandbox: entries are kept for one day and can be deleted; set sandbox: false before mail of patients is sent");
		const account = accountOf(this);
		const name = physicalName(this, 128);
		const trailArn = `arn:${account.partition}:cloudtrail:${account.region}:${account.accountId}:trail/${name}`;

		this.encryptionKey = props.encryptionKey ?? trailKey(this, "encryption-key", trailArn).key;
		this.alarmTopic = props.alarmTopic ?? new AlarmTopic(this, "alarm-topic").topic;
		this.accessLogBucket = props.accessLogBucket ?? new AccessLogBucket(this, "access-logs", { bucketPrefix: "access-logs-", forceDestroy: sandbox }).bucket;
		const store = this.makeStore(props, lock, trailArn, account);
		this.bucket = store.bucket;
		this.logGroup = new CloudwatchLogGroup(this, "log-group", {
			name: `/aws/cloudtrail/${name}`,
			kmsKeyId: this.encryptionKey.arn,
			retentionInDays: logRetentionDays(sandbox ? sixYearsDays : lock.days),
		});
		maskAddresses(this, "log-masking", this.logGroup, account);
		const { role, policy } = this.makeRole();
		this.trail = new Cloudtrail(this, "trail", {
			name,
			s3BucketName: this.bucket.id,
			kmsKeyId: this.encryptionKey.arn,
			isMultiRegionTrail: true,
			includeGlobalServiceEvents: true,
			enableLogging: true,
			enableLogFileValidation: true,
			cloudWatchLogsGroupArn: `${this.logGroup.arn}:*`,
			cloudWatchLogsRoleArn: role.arn,
			advancedEventSelector: selectors(props.mailBuckets ?? []),
			dependsOn: [store.policy, store.objectLock, policy],
		});
		this.alarms = watchTrail(this, this.logGroup, this.alarmTopic);
	}

	private makeStore(props: AccessLogTrailProps, lock: Lock, trailArn: string, account: Account): LockedBucket {
		const cloudTrail = {
			principals: [{ type: "Service", identifiers: ["cloudtrail.amazonaws.com"] }],
		};
		const fromTrail = { test: "StringEquals", variable: "aws:SourceArn", values: [trailArn] };
		return new LockedBucket(this, "store", {
			encryptionKey: this.encryptionKey,
			lock,
			bucketPrefix: props.bucketPrefix ?? "access-log-trail-",
			forceDestroy: props.sandbox === true,
			accessLogBucket: this.accessLogBucket,
			allow: (bucket) => [
				{ sid: "CloudTrailAcl", actions: ["s3:GetBucketAcl"], resources: [bucket.arn], ...cloudTrail, condition: [fromTrail] },
				{
					sid: "CloudTrailWrite",
					actions: ["s3:PutObject"],
					resources: [`${bucket.arn}/AWSLogs/${account.accountId}/*`],
					...cloudTrail,
					condition: [fromTrail, { test: "StringEquals", variable: "s3:x-amz-acl", values: ["bucket-owner-full-control"] }],
				},
			],
		});
	}

	/** CloudTrail supplies no aws:SourceArn when it takes this role, so its trust can name none. */
	private makeRole(): { role: IamRole; policy: IamRolePolicy } {
		const role = new IamRole(this, "role", {
			namePrefix: "access-log-trail-",
			assumeRolePolicy: serviceTrust(this, "trust", "cloudtrail.amazonaws.com").json,
		});
		const document = policyDocument(this, "policy-document", [
			{ sid: "LogGroup", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${this.logGroup.arn}:log-stream:*`] },
		]);
		return { role, policy: new IamRolePolicy(this, "policy", { role: role.id, policy: document.json }) };
	}
}

/** Basic selectors cannot carry SES types; sending calls are data events that a trail leaves out by default. */
function selectors(mailBuckets: readonly BucketReference[]): CloudtrailAdvancedEventSelector[] {
	const category = (value: string) => ({ field: "eventCategory", equalTo: [value] });
	const data = (name: string, type: string) => ({ name, fieldSelector: [category("Data"), { field: "resources.type", equalTo: [type] }] });
	const objects = data("Mail objects", "AWS::S3::Object");
	return [
		{ name: "Management", fieldSelector: [category("Management")] },
		data("Sending by identity", "AWS::SES::EmailIdentity"),
		data("Sending by configuration set", "AWS::SES::ConfigurationSet"),
		data("Sending by template", "AWS::SES::Template"),
		...(mailBuckets.length === 0
			? []
			: [
					{
						...objects,
						fieldSelector: [...objects.fieldSelector, { field: "resources.ARN", startsWith: mailBuckets.map((bucket) => `${bucket.arn}/`) }],
					},
				]),
	];
}
