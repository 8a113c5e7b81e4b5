import { join } from "node:path";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import type { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import type { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import type { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { AlarmTopic } from "../alarm-topic/index.ts";
import { type Account, accountOf } from "../internal/account.ts";
import type { BucketReference } from "../internal/existing.ts";
import { SecureFunction } from "../internal/function.ts";
import { logsUse } from "../internal/key-policy.ts";
import { LockedBucket } from "../internal/locked-bucket.ts";
import { physicalName } from "../internal/physical-name.ts";
import { policyDocument } from "../internal/policy-document.ts";
import { lockOf } from "../internal/retention.ts";
import { secureTable } from "../internal/secure-table.ts";
import { ServiceKey } from "../internal/service-key.ts";
import { useThrough, viaService } from "../internal/service-use.ts";

export interface AuthorizationStoreProps {
	/** Roles of the programs that record authorizations and revocations. Each adds records and reads them; none changes or deletes one. @default - none */
	readonly recorders?: readonly IamRole[];
	/** Roles of the programs that ask before they send: each reads records. @default - none */
	readonly readers?: readonly IamRole[];
	/** Topic that hears when a record does not get into the export. @default - a new AlarmTopic that nobody is subscribed to */
	readonly alarmTopic?: SnsTopic;
	/** Bucket that receives the access logs of the export's bucket: that of an AccessLogTrail. @default - reads are for CloudTrail to record */
	readonly accessLogBucket?: BucketReference;
	/** Days that an exported record can neither be changed nor deleted. At least 2192. @default 2192 (six years) */
	readonly retentionDays?: number;
	/** For trials that are torn down again: the table can be deleted, and the export is held for a day. Never for patients' records; synthesis warns. @default false */
	readonly sandbox?: boolean;
}

/**
 * Keeps who authorized which use of their data for mail, and who revoked it (45 CFR 164.508(b)(5), (b)(6)), for six years: a
 * table by pseudonym, and each of its changes as an object in a write-once bucket, so that the table can be checked against it.
 *
 * A record has `pseudonym`, which stands for the patient here and nowhere else (never an address, name or record number), and
 * `recordId`, an instant and a random part such as "2026-11-24T09:00:00Z#5f3a". Write it under the condition
 * `attribute_not_exists(recordId)`: a revocation is a record of its own, and no record is ever changed.
 *
 * A second copy of the table is not made here: that is what a MailBackup does.
 *
 * Satisfies: alarms.actions_set, buckets.acls_disabled, buckets.encrypted, buckets.no_public_policy,
 * buckets.public_access_blocked, buckets.tls_only, buckets.versioned, functions.environment_encrypted, functions.failures_kept,
 * functions.log_group_declared, functions.no_public_permission, functions.services_bound, iam.decryption_names_keys,
 * iam.no_administrators, iam.no_whole_services, iam.sending_permissions_narrow, keys.alias_given, keys.deletion_window,
 * keys.duties_separated, keys.in_use_enabled, keys.no_public_principal, keys.policy_written, keys.rotation_enabled,
 * keys.services_bound, logs.encrypted, logs.personal_data_masked, logs.retention, queues.encrypted, queues.no_public_policy,
 * queues.tls_only, tables.deletion_protected, tables.encrypted, tables.recoverable, topics.encrypted, topics.no_public_policy,
 * topics.services_bound, topics.tls_only
 *
 * Meets: DDB-01, LAM-01, LOG-03, S3-01, S3-02, S3-03, S3-04, S3-06, S3-08, SQS-01
 */
export class AuthorizationStore extends Construct {
	readonly encryptionKey: KmsKey;
	readonly table: DynamodbTable;
	/** Write-once: one object for each change of the table. */
	readonly bucket: S3Bucket;
	readonly export: SecureFunction;
	readonly mapping: LambdaEventSourceMapping;

	constructor(scope: Construct, id: string, props: AuthorizationStoreProps = {}) {
		super(scope, id);
		const lock = lockOf(this, props);
		const sandbox = props.sandbox === true;
		if (sandbox)
			Annotations.of(this).addWarning("sandbox: records are kept for one day and can be deleted; set sandbox: false before patients' records are stored");
		const account = accountOf(this);
		this.encryptionKey = new ServiceKey(this, "encryption-key", {
			description: "Authorizations",
			use: [...useThrough(account, ["dynamodb", "lambda", "s3", "sqs"]), logsUse(account)],
		}).key;
		this.table = secureTable(this, "table", { hashKey: "pseudonym", rangeKey: "recordId", encryptionKey: this.encryptionKey, sandbox, stream: true });
		const store = new LockedBucket(this, "store", {
			encryptionKey: this.encryptionKey,
			lock,
			bucketPrefix: "mail-authorizations-",
			forceDestroy: sandbox,
			accessLogBucket: props.accessLogBucket,
		});
		this.bucket = store.bucket;
		const alarmTopic = props.alarmTopic ?? new AlarmTopic(this, "alarm-topic").topic;
		this.export = new SecureFunction(this, "export", {
			archive: join(import.meta.dirname, "lambda.zip"),
			description: "Writes each authorization and revocation into the write-once bucket.",
			encryptionKey: this.encryptionKey,
			environment: { BUCKET_NAME: this.bucket.id },
			allow: this.exportPermissions(account),
			timeoutSeconds: 60,
			alarmTopic,
		});
		// From the oldest change, and again and again until it is written: a stream keeps a change for a day.
		this.mapping = new LambdaEventSourceMapping(this, "mapping", {
			eventSourceArn: this.table.streamArn,
			functionName: this.export.function.arn,
			startingPosition: "TRIM_HORIZON",
			batchSize: 100,
			bisectBatchOnFunctionError: true,
			functionResponseTypes: ["ReportBatchItemFailures"],
			maximumRetryAttempts: -1,
			destinationConfig: { onFailure: { destinationArn: this.export.failures.arn } },
			dependsOn: [store.objectLock, store.encryption, store.policy],
		});
		this.watchBacklog(alarmTopic);
		const known = [...(props.recorders ?? []).map((role) => ({ role, records: true })), ...(props.readers ?? []).map((role) => ({ role, records: false }))];
		for (const [index, { role, records }] of known.entries()) this.allow(`user-${index + 1}`, role, records, account);
	}

	/** A function that reports what it could not write has not failed in Lambda's eyes; the age of the oldest change tells. */
	private watchBacklog(alarmTopic: SnsTopic): void {
		new CloudwatchMetricAlarm(this, "backlog", {
			alarmName: `${physicalName(this, 200)}-backlog`,
			alarmDescription: "Authorizations wait for an hour to be written into the write-once bucket; after a day they are lost to it.",
			namespace: "AWS/Lambda",
			metricName: "IteratorAge",
			dimensions: { FunctionName: this.export.function.functionName },
			statistic: "Maximum",
			period: 300,
			evaluationPeriods: 1,
			comparisonOperator: "GreaterThanOrEqualToThreshold",
			threshold: 3_600_000,
			treatMissingData: "notBreaching",
			actionsEnabled: true,
			alarmActions: [alarmTopic.arn],
		});
	}

	private exportPermissions(account: Account): DataAwsIamPolicyDocumentStatement[] {
		return [
			{ sid: "Changes", actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"], resources: [this.table.streamArn] },
			{ sid: "Streams", actions: ["dynamodb:ListStreams"], resources: ["*"] },
			{ sid: "Objects", actions: ["s3:PutObject"], resources: [`${this.bucket.arn}/changes/*`] },
			{
				sid: "StoreKey",
				actions: ["kms:Decrypt", "kms:GenerateDataKey"],
				resources: [this.encryptionKey.arn],
				condition: [viaService(account, ["dynamodb", "s3"])],
			},
		];
	}

	private allow(id: string, role: IamRole, records: boolean, account: Account): void {
		const document = policyDocument(this, `${id}-policy-document`, [
			{ sid: "Read", actions: ["dynamodb:GetItem", "dynamodb:Query"], resources: [this.table.arn] },
			{ sid: "ReadKey", actions: ["kms:Decrypt"], resources: [this.encryptionKey.arn], condition: [viaService(account, ["dynamodb"])] },
			...(records ? [{ sid: "Record", actions: ["dynamodb:PutItem"], resources: [this.table.arn] }] : []),
		]);
		new IamRolePolicy(this, `${id}-policy`, { role: role.id, policy: document.json });
	}
}
