import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { SesActiveReceiptRuleSet } from "@cdktf/provider-aws/lib/ses-active-receipt-rule-set/index.js";
import { SesReceiptRule } from "@cdktf/provider-aws/lib/ses-receipt-rule/index.js";
import { SesReceiptRuleSet } from "@cdktf/provider-aws/lib/ses-receipt-rule-set/index.js";
import { Construct } from "constructs";
import { accountOf } from "../internal/account.ts";
import { isDomain, isReportAddress } from "../internal/domain-name.ts";
import type { BucketReference, KeyReference } from "../internal/existing.ts";
import { physicalName } from "../internal/physical-name.ts";
import { sourceAccount } from "../internal/policy-document.ts";
import { checkProp, checkPropList, propError } from "../internal/prop-checks.ts";
import { bucketPrefixRule, isBucketPrefix, SecureBucket } from "../internal/secure-bucket.ts";
import { MailArchive } from "../mail-archive/index.ts";
import type { MailBackup } from "../mail-backup/index.ts";
import { accessLogs, secondCopy } from "../mail-backup/second-copy.ts";
import { MailKey } from "../mail-key/index.ts";
import { Replication } from "./replication.ts";

export interface InboundMailProps {
	/** Addresses and domains whose mail is taken, such as "clinic.example". @default - every verified identity of the account */
	readonly recipients?: readonly string[];
	/** Key that encrypts the inbox. Its policy must admit SES's receipt rules: that of a MailKey does. @default - a new MailKey */
	readonly encryptionKey?: KeyReference;
	/** Archive that keeps a copy of each message. @default - a new MailArchive under the same key */
	readonly archive?: MailArchive;
	/** Bucket that receives the access logs: that of an AccessLogTrail. @default - a new one that keeps them for six years */
	readonly accessLogBucket?: BucketReference;
	/** Whether inbox and new archive get a second copy each day: see MailBackup. False where one of the stack, or something else, copies them. @default true */
	readonly backup?: boolean;
	/** Days that a new archive keeps a message. At least 2192. @default 2192 (six years) */
	readonly retentionDays?: number;
	/** First part of the inbox bucket's name, at most 37 characters; Terraform adds digits. @default "mail-inbox-" */
	readonly bucketPrefix?: string;
	/** Existing rule set that gets the rule, active or not. @default - a new rule set, which becomes the active one of account and Region */
	readonly ruleSet?: SesReceiptRuleSet;
	/**
	 * Whether SES encrypts each message before it hands it to S3. Such a message can be read only by an S3 encryption client.
	 * @default false (S3 encrypts, under the same key)
	 */
	readonly encryptBeforeStorage?: boolean;
	/** For trials that are torn down again: inbox and archive can be deleted. Never for mail of patients; synthesis warns. @default false */
	readonly sandbox?: boolean;
}

/**
 * Takes mail in: over TLS or not at all, scanned for viruses and spam, into an encrypted inbox bucket, and from there into a
 * write-once archive. SES cannot write into a bucket that is locked by default, so each message is copied there by S3.
 *
 * Satisfies: buckets.access_logged, buckets.acls_disabled, buckets.encrypted, buckets.kept_six_years, buckets.no_public_policy,
 * buckets.objects_locked, buckets.public_access_blocked, buckets.second_copy, buckets.ses_bound_to_rules, buckets.tls_only,
 * buckets.versioned, iam.decryption_names_keys, iam.no_administrators, iam.no_whole_services, iam.sending_permissions_narrow,
 * inbound.stored_under_own_key, inbound.tls_and_scan, keys.alias_given, keys.deletion_window, keys.duties_separated,
 * keys.in_use_enabled, keys.mail_services_only, keys.no_public_principal, keys.policy_written, keys.rotation_enabled,
 * keys.services_bound
 *
 * Meets: SES-16, S3-01, S3-02, S3-03, S3-04, S3-05, S3-07, S3-08, S3-09
 */
export class InboundMail extends Construct {
	readonly encryptionKey: KeyReference;
	readonly bucket: S3Bucket;
	readonly archive: MailArchive;
	readonly backup: MailBackup | undefined;
	readonly ruleSet: SesReceiptRuleSet;
	readonly rule: SesReceiptRule;
	readonly activeRuleSet: SesActiveReceiptRuleSet | undefined;
	readonly replication: Replication;

	constructor(scope: Construct, id: string, props: InboundMailProps = {}) {
		super(scope, id);
		checkPropList(this, "recipients", props.recipients, (recipient) => isDomain(recipient.replace(/^\./, "")) || isReportAddress(recipient), {
			wanted: "a domain or a mail address",
			remedy: 'write it such as "clinic.example" or "info@clinic.example"; ".clinic.example" stands for all below the domain',
		});
		checkProp(this, "bucketPrefix", props.bucketPrefix, isBucketPrefix, bucketPrefixRule);
		if (props.archive !== undefined && props.retentionDays !== undefined) {
			throw propError(this, "retentionDays", props.retentionDays, {
				wanted: "left out where an archive is given, which has its own",
				remedy: "set it on the MailArchive",
			});
		}
		const account = accountOf(this);
		const sandbox = props.sandbox === true;
		this.encryptionKey = props.encryptionKey ?? new MailKey(this, "encryption-key", { description: "Inbound mail" }).key;
		this.ruleSet = props.ruleSet ?? new SesReceiptRuleSet(this, "rule-set", { ruleSetName: physicalName(this, 64) });
		const ruleName = physicalName(this, 60);
		const ruleArn = `arn:${account.partition}:ses:${account.region}:${account.accountId}:receipt-rule-set/${this.ruleSet.ruleSetName}:receipt-rule/${ruleName}`;
		const accessLogBucket = props.accessLogBucket ?? accessLogs(this, props);
		const inbox = new SecureBucket(this, "inbox", {
			encryptionKey: this.encryptionKey,
			bucketPrefix: props.bucketPrefix ?? "mail-inbox-",
			forceDestroy: sandbox,
			accessLogBucket,
			allow: (bucket) => [
				{
					sid: "ReceiptRule",
					actions: ["s3:PutObject"],
					resources: [`${bucket.arn}/*`],
					principals: [{ type: "Service", identifiers: ["ses.amazonaws.com"] }],
					condition: [sourceAccount(account), { test: "StringEquals", variable: "aws:SourceArn", values: [ruleArn] }],
				},
			],
		});
		this.bucket = inbox.bucket;
		this.archive = props.archive ?? this.makeArchive(props, accessLogBucket);
		this.backup = secondCopy(this, props.archive === undefined ? [this.bucket, this.archive.bucket] : [this.bucket], props);
		this.replication = new Replication(this, "replication", {
			source: inbox,
			sourceKey: this.encryptionKey,
			destination: this.archive.bucket,
			destinationKey: this.archive.encryptionKey,
			after: [this.archive.objectLock],
		});
		this.rule = new SesReceiptRule(this, "rule", {
			name: ruleName,
			ruleSetName: this.ruleSet.ruleSetName,
			enabled: true,
			...(props.recipients === undefined ? {} : { recipients: [...props.recipients] }),
			// Under Optional, the default, a sender may hand over mail in clear text: 45 CFR 164.312(e)(1).
			tlsPolicy: "Require",
			scanEnabled: true,
			s3Action: [
				{
					position: 1,
					bucketName: this.bucket.id,
					objectKeyPrefix: "inbox/",
					...(props.encryptBeforeStorage === true ? { kmsKeyArn: this.encryptionKey.arn } : {}),
				},
			],
			dependsOn: [inbox.policy, inbox.encryption, this.replication.configuration],
		});
		this.activeRuleSet =
			props.ruleSet === undefined
				? new SesActiveReceiptRuleSet(this, "active-rule-set", { ruleSetName: this.ruleSet.ruleSetName, dependsOn: [this.rule] })
				: undefined;
	}

	private makeArchive(props: InboundMailProps, accessLogBucket: BucketReference): MailArchive {
		return new MailArchive(this, "archive", {
			encryptionKey: this.encryptionKey,
			accessLogBucket,
			backup: false,
			...(props.retentionDays === undefined ? {} : { retentionDays: props.retentionDays }),
			...(props.sandbox === undefined ? {} : { sandbox: props.sandbox }),
		});
	}
}
