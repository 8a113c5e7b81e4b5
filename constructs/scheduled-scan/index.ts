import { createRequire } from "node:module";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project/index.js";
import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule/index.js";
import type { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { scanActions } from "../../model/scan-actions.generated.ts";
import { AlarmTopic } from "../alarm-topic/index.ts";
import { type Account, accountOf } from "../internal/account.ts";
import type { BucketReference } from "../internal/existing.ts";
import { logsUse } from "../internal/key-policy.ts";
import { LockedBucket } from "../internal/locked-bucket.ts";
import { serviceLogGroup } from "../internal/log-group.ts";
import { physicalName } from "../internal/physical-name.ts";
import { policyDocument, serviceTrust, sourceAccount } from "../internal/policy-document.ts";
import { checkProp, isWholeNumber } from "../internal/prop-checks.ts";
import { lockOf } from "../internal/retention.ts";
import { ServiceKey } from "../internal/service-key.ts";
import { useThrough, viaService } from "../internal/service-use.ts";
import { buildSpecification } from "./build-specification.ts";

export interface ScheduledScanProps {
	/** Text of mailward.yaml: what is scanned. It stands in the stack and its state, so it must hold no secret. */
	readonly configuration: string;
	/** Options of `mailward scan` beside it, such as `["--accept", "egress_blocked"]`: AWS keeps port 25 closed until it is asked. @default - none */
	readonly options?: readonly string[];
	/** When, in UTC: cron(...) or rate(...) of EventBridge Scheduler. @default "cron(0 6 * * ? *)" (each day at six) */
	readonly scheduleExpression?: string;
	/** Days without a scan after which the alarm is raised, 1 to 7. @default 2 */
	readonly maxSilenceDays?: number;
	/** Version of the package "mailward" that scans, such as "1.2.3". @default - the version that provisions */
	readonly version?: string;
	/** Topic that hears of findings, of scans that fail, and of scans that do not take place. @default - a new AlarmTopic that nobody is subscribed to */
	readonly alarmTopic?: SnsTopic;
	/** Bucket that receives the access logs of the reports' bucket: that of an AccessLogTrail. @default - reads are for CloudTrail to record */
	readonly accessLogBucket?: BucketReference;
	/** Days that report and evidence can neither be changed nor deleted. At least 2192. @default 2192 (six years) */
	readonly retentionDays?: number;
	/** For trials that are torn down again: reports are held for a day. Synthesis warns. @default false */
	readonly sandbox?: boolean;
}

/** Minutes after which a scan is ended. */
const timeoutMinutes = 60;

/**
 * Scans on a schedule (45 CFR 164.308(a)(8)): CodeBuild runs mailward with a role that reads what the collectors ask for and
 * nothing else, and writes report and evidence, each scan under a time of its own, into a write-once bucket. A scan that
 * finds something at or above `--fail-on`, or cannot assess it, ends as a failed build and raises the alarm.
 *
 * A report is a map for attackers: let as few people read the bucket as can be.
 *
 * Satisfies: alarms.actions_set, buckets.acls_disabled, buckets.encrypted, buckets.no_public_policy,
 * buckets.public_access_blocked, buckets.tls_only, buckets.versioned, iam.decryption_names_keys, iam.no_administrators,
 * iam.no_whole_services, iam.sending_permissions_narrow, keys.alias_given, keys.deletion_window, keys.duties_separated,
 * keys.in_use_enabled, keys.no_public_principal, keys.policy_written, keys.rotation_enabled, keys.services_bound, logs.encrypted,
 * logs.personal_data_masked, logs.retention, topics.encrypted, topics.no_public_policy, topics.services_bound, topics.tls_only
 *
 * Meets: LOG-03, S3-01, S3-02, S3-03, S3-04, S3-06, S3-08
 */
export class ScheduledScan extends Construct {
	readonly encryptionKey: KmsKey;
	readonly bucket: S3Bucket;
	readonly role: IamRole;
	readonly project: CodebuildProject;
	readonly schedule: SchedulerSchedule;
	readonly failed: CloudwatchMetricAlarm;
	readonly silent: CloudwatchMetricAlarm;

	constructor(scope: Construct, id: string, props: ScheduledScanProps) {
		super(scope, id);
		checkProps(this, props);
		const lock = lockOf(this, props);
		const sandbox = props.sandbox === true;
		if (sandbox)
			Annotations.of(this).addWarning("sandbox: reports are kept for one day and can be deleted; set sandbox: false before they are to prove something");
		const account = accountOf(this);
		const name = physicalName(this, 128);
		this.encryptionKey = new ServiceKey(this, "encryption-key", {
			description: "Scan reports",
			use: [...useThrough(account, ["codebuild", "s3"]), logsUse(account)],
		}).key;
		const store = new LockedBucket(this, "store", {
			encryptionKey: this.encryptionKey,
			lock,
			bucketPrefix: "mail-scans-",
			forceDestroy: sandbox,
			accessLogBucket: props.accessLogBucket,
		});
		this.bucket = store.bucket;
		const logGroup = serviceLogGroup(this, "log-group", `/aws/codebuild/${name}`, this.encryptionKey);
		const projectArn = `arn:${account.partition}:codebuild:${account.region}:${account.accountId}:project/${name}`;
		this.role = new IamRole(this, "role", {
			namePrefix: "mail-scan-",
			assumeRolePolicy: serviceTrust(this, "trust", "codebuild.amazonaws.com", [
				sourceAccount(account),
				{ test: "ArnEquals", variable: "aws:SourceArn", values: [projectArn] },
			]).json,
		});
		const policy = new IamRolePolicy(this, "policy", {
			role: this.role.id,
			policy: policyDocument(this, "policy-document", this.permissions(logGroup.arn, account)).json,
		});
		this.project = new CodebuildProject(this, "project", {
			name,
			description: "Scans the mail system with mailward.",
			serviceRole: this.role.arn,
			encryptionKey: this.encryptionKey.arn,
			buildTimeout: timeoutMinutes,
			queuedTimeout: timeoutMinutes,
			concurrentBuildLimit: 1,
			artifacts: { type: "NO_ARTIFACTS" },
			source: { type: "NO_SOURCE", buildspec: buildSpecification({ version: props.version ?? ownVersion(), options: props.options ?? [] }) },
			environment: {
				type: "ARM_CONTAINER",
				computeType: "BUILD_GENERAL1_SMALL",
				image: "aws/codebuild/amazonlinux-aarch64-standard:3.0",
				privilegedMode: false,
				environmentVariable: [
					{ name: "MAILWARD_CONFIGURATION", type: "PLAINTEXT", value: props.configuration },
					{ name: "MAILWARD_BUCKET", type: "PLAINTEXT", value: this.bucket.id },
				],
			},
			logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: logGroup.name } },
			dependsOn: [policy, store.objectLock, store.encryption, store.policy],
		});
		this.schedule = this.makeSchedule(props, account);
		const alarmTopic = props.alarmTopic ?? new AlarmTopic(this, "alarm-topic").topic;
		this.failed = this.alarm("failed", alarmTopic, {
			metricName: "FailedBuilds",
			alarmDescription: "A scan found something, could not assess something, or failed: read its report.",
			comparisonOperator: "GreaterThanOrEqualToThreshold",
			period: 300,
			evaluationPeriods: 1,
			treatMissingData: "notBreaching",
		});
		this.silent = this.alarm("silent", alarmTopic, {
			metricName: "Builds",
			alarmDescription: "No scan took place.",
			comparisonOperator: "LessThanThreshold",
			period: 86_400,
			evaluationPeriods: props.maxSilenceDays ?? 2,
			treatMissingData: "breaching",
		});
	}

	private permissions(logGroupArn: string, account: Account): DataAwsIamPolicyDocumentStatement[] {
		return [
			{ sid: "Log", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${logGroupArn}:log-stream:*`] },
			{ sid: "Report", actions: ["s3:PutObject"], resources: [`${this.bucket.arn}/scans/*`] },
			{
				sid: "ReportKey",
				actions: ["kms:Decrypt", "kms:GenerateDataKey"],
				resources: [this.encryptionKey.arn],
				condition: [viaService(account, ["s3"])],
			},
			...(scanActions.length === 0 ? [] : [{ sid: "Look", actions: [...scanActions], resources: ["*"] }]),
		];
	}

	private makeSchedule(props: ScheduledScanProps, account: Account): SchedulerSchedule {
		const role = new IamRole(this, "schedule-role", {
			namePrefix: "mail-scan-schedule-",
			assumeRolePolicy: serviceTrust(this, "schedule-trust", "scheduler.amazonaws.com", [sourceAccount(account)]).json,
		});
		const document = policyDocument(this, "schedule-policy-document", [{ sid: "Start", actions: ["codebuild:StartBuild"], resources: [this.project.arn] }]);
		const policy = new IamRolePolicy(this, "schedule-policy", { role: role.id, policy: document.json });
		return new SchedulerSchedule(this, "schedule", {
			name: physicalName(this, 64),
			description: "Starts the scan of the mail system.",
			scheduleExpression: props.scheduleExpression ?? "cron(0 6 * * ? *)",
			scheduleExpressionTimezone: "UTC",
			flexibleTimeWindow: { mode: "OFF" },
			target: { arn: this.project.arn, roleArn: role.arn, retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 } },
			dependsOn: [policy],
		});
	}

	private alarm(
		id: string,
		topic: SnsTopic,
		config: {
			metricName: string;
			alarmDescription: string;
			comparisonOperator: string;
			period: number;
			evaluationPeriods: number;
			treatMissingData: string;
		},
	): CloudwatchMetricAlarm {
		return new CloudwatchMetricAlarm(this, id, {
			...config,
			alarmName: `${physicalName(this, 200)}-${id}`,
			namespace: "AWS/CodeBuild",
			dimensions: { ProjectName: this.project.name },
			statistic: "Sum",
			threshold: 1,
			actionsEnabled: true,
			alarmActions: [topic.arn],
		});
	}
}

/** From the package's own description: the folder that this file lies in differs between source and build. */
function ownVersion(): string {
	return (createRequire(import.meta.url)("mailward/package.json") as { version: string }).version;
}

function checkProps(scope: Construct, props: ScheduledScanProps): void {
	checkProp(scope, "configuration", props.configuration, (text) => /^\s*version:\s*1\s*$/m.test(text) && Buffer.byteLength(text) <= 30_000, {
		wanted: 'the text of a mailward.yaml, with "version: 1", of at most 30000 octets',
		remedy: 'read it from the file, such as readFileSync("mailward.yaml", "utf8")',
	});
	checkProp(scope, "scheduleExpression", props.scheduleExpression, (text) => /^(?:cron\([^()]+\)|rate\([1-9]\d* (?:hours?|days?)\))$/.test(text), {
		wanted: "cron(...) or rate(...) in hours or days",
		remedy: 'write it such as "cron(0 6 * * ? *)" or "rate(1 day)"',
	});
	checkProp(scope, "maxSilenceDays", props.maxSilenceDays, (days) => isWholeNumber(days, 1, 7), {
		wanted: "a whole number of days from 1 to 7",
		remedy: "leave it out for two",
	});
	checkProp(scope, "version", props.version, (text) => /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/.test(text), {
		wanted: "one version, no range",
		remedy: 'write it such as "1.2.3", so that a scan runs what was reviewed',
	});
	for (const [index, option] of (props.options ?? []).entries()) {
		checkProp(scope, `options[${index}]`, option, (text) => /^[\w./:@*=,-]+$/.test(text), {
			wanted: "one option or value of letters, digits and the signs . / : @ * = , -",
			remedy: 'give option and value as two elements, such as "--fail-on", "medium"',
		});
	}
}
